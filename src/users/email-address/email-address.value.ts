import { domainToASCII, domainToUnicode } from 'node:url';

const MAX_LENGTH = 254;
/**
 * The input may be longer than the stored form, because of spaces and decomposed characters. Longer input is refused without
 * further work.
 */
const MAX_TYPED_LENGTH = 1_024;
/** An unquoted local part (RFC 5321 dot-string), in lower case. */
const LOCAL_PART = /^(?=.{1,64}$)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const ASCII_DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;
/** The readable characters of a domain: letters of any script with their marks, digits, hyphens, dots. */
const READABLE_DOMAIN = /^[\p{L}\p{M}\p{N}.-]+$/u;
/** Invisible characters, some of which are marks. UTS #46 drops them, so two different texts would be the same domain. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;
/** Scripts with letters that look alike. */
const LOOK_ALIKE_SCRIPTS = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u];

/**
 * True if every character is visible and is not a compatibility form of another one (fullwidth forms, the Kelvin sign,
 * ligatures).
 */
function isReadable(domain: string): boolean {
  if (!READABLE_DOMAIN.test(domain) || INVISIBLE.test(domain)) return false;
  return [...domain].every((character) => character.normalize('NFKC') === character);
}

function mixesLookAlikes(label: string): boolean {
  return LOOK_ALIKE_SCRIPTS.filter((script) => script.test(label)).length > 1;
}

/**
 * Lower-cases each character separately, so that the result depends neither on the position of a sigma nor on the Unicode
 * version of the next step.
 */
function lowerCase(domain: string): string {
  return [...domain].map((character) => character.toLowerCase()).join('');
}

/**
 * Converts a domain to ASCII (UTS #46, where ß and ς are letters of their own). Domains in punycode must meet the same rules as
 * written out.
 * @returns null if it is not a domain, or could be mistaken for another one
 */
function asciiDomain(typed: string): string | null {
  if (!isReadable(typed)) return null;
  const ascii = domainToASCII(lowerCase(typed));
  if (!ASCII_DOMAIN.test(ascii)) return null;
  const readable = domainToUnicode(ascii);
  // Invalid punycode is left unchanged here, and newer versions of Node no longer refuse it.
  if (readable.split('.').some((label) => label.startsWith('xn--') || mixesLookAlikes(label))) return null;
  return isReadable(readable) && domainToASCII(readable) === ascii ? ascii : null;
}

/**
 * Converts an email address to the form in which it is stored: trimmed, in lower case, its domain in ASCII.
 * @returns null unless the text is exactly one plain address of at most 254 characters
 */
export function parseEmailAddress(text: string): string | null {
  if (text.length > MAX_TYPED_LENGTH) return null;
  const trimmed = text.replace(/^[ \t]+|[ \t]+$/g, '');
  const at = trimmed.lastIndexOf('@');
  if (at < 1 || !/^[!-~]+$/.test(trimmed.slice(0, at))) return null;
  const local = trimmed.slice(0, at).toLowerCase();
  const domain = asciiDomain(trimmed.slice(at + 1));
  if (!LOCAL_PART.test(local) || domain === null) return null;
  const address = `${local}@${domain}`;
  return address.length <= MAX_LENGTH ? address : null;
}
