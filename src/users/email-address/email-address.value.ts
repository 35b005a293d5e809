import { domainToASCII, domainToUnicode } from 'node:url';

const MAX_LENGTH = 254;
/** As typed it may be longer, by blanks and by characters taken apart; past this no time is spent on it. */
const MAX_TYPED_LENGTH = 1_024;
/** An unquoted local part (RFC 5321 dot-string), already in lower case. */
const LOCAL_PART = /^(?=.{1,64}$)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const ASCII_DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;
/** What people read in a domain: letters of any script with their marks, digits, hyphens, dots. */
const READABLE_DOMAIN = /^[\p{L}\p{M}\p{N}.-]+$/u;
/** Characters that show nothing, some of them marks: UTS #46 drops them, so that two texts would be one domain. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;
/** Scripts whose letters pass for one another. */
const LOOK_ALIKE_SCRIPTS = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u];

/** True when every character can be seen and none stands for another one (fullwidth forms, the Kelvin sign, ligatures). */
function isReadable(domain: string): boolean {
  if (!READABLE_DOMAIN.test(domain) || INVISIBLE.test(domain)) return false;
  return [...domain].every((character) => character.normalize('NFKC') === character);
}

function mixesLookAlikes(label: string): boolean {
  return LOOK_ALIKE_SCRIPTS.filter((script) => script.test(label)).length > 1;
}

/** Each letter by itself: neither the place of a sigma nor the Unicode version behind the next step makes a difference. */
function lowerCase(domain: string): string {
  return [...domain].map((character) => character.toLowerCase()).join('');
}

/**
 * The domain as the DNS knows it (UTS #46, where ß and ς are letters of their own), or null if it is not one or could be taken
 * for another. In punycode it is held to the same as if it were written out.
 */
function asciiDomain(typed: string): string | null {
  if (!isReadable(typed)) return null;
  const ascii = domainToASCII(lowerCase(typed));
  if (!ASCII_DOMAIN.test(ascii)) return null;
  const readable = domainToUnicode(ascii);
  // Punycode that stands for nothing stays as it is, and newer versions of Node no longer refuse it.
  if (readable.split('.').some((label) => label.startsWith('xn--') || mixesLookAlikes(label))) return null;
  return isReadable(readable) && domainToASCII(readable) === ascii ? ascii : null;
}

/**
 * The one form of an address under which its account is kept: trimmed, in lower case, its domain in ASCII.
 * @returns null for anything that is not exactly one plain address of at most 254 characters
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
