import { domainToASCII, domainToUnicode } from 'node:url';

const MAX_LENGTH = 254;
/** An unquoted local part (RFC 5321 dot-string), already in lower case. */
const LOCAL_PART = /^(?=.{1,64}$)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const ASCII_DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;
/** What people type in a domain: letters of any script with their marks, digits, hyphens, dots. */
const TYPED_DOMAIN = /^[\p{L}\p{M}\p{N}.-]+$/u;
/** Scripts whose letters pass for one another. */
const LOOK_ALIKE_SCRIPTS = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u];

/** True when no character stands for another one (fullwidth forms, the Kelvin sign, ligatures). */
function standsForItself(domain: string): boolean {
  return [...domain].every((character) => character.normalize('NFKC') === character);
}

function mixesLookAlikes(label: string): boolean {
  return LOOK_ALIKE_SCRIPTS.filter((script) => script.test(label)).length > 1;
}

/** The domain as the DNS knows it (UTS #46), or null if it is not one or could be taken for another. */
function asciiDomain(typed: string): string | null {
  if (!TYPED_DOMAIN.test(typed) || !standsForItself(typed)) return null;
  const ascii = domainToASCII(typed);
  if (!ASCII_DOMAIN.test(ascii)) return null;
  return domainToUnicode(ascii).split('.').some(mixesLookAlikes) ? null : ascii;
}

/**
 * The one form of an address under which its account is kept: trimmed, in lower case, its domain in ASCII.
 * @returns null for anything that is not exactly one plain address of at most 254 characters
 */
export function parseEmailAddress(text: string): string | null {
  const trimmed = text.replace(/^[ \t]+|[ \t]+$/g, '');
  const at = trimmed.lastIndexOf('@');
  if (at < 1 || !/^[!-~]+$/.test(trimmed.slice(0, at))) return null;
  const local = trimmed.slice(0, at).toLowerCase();
  const domain = asciiDomain(trimmed.slice(at + 1));
  if (!LOCAL_PART.test(local) || domain === null) return null;
  const address = `${local}@${domain}`;
  return address.length <= MAX_LENGTH ? address : null;
}
