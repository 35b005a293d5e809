/** A shorter word is in many passwords by chance. */
const SHORTEST_WORD = 3;
/** With so many letters or pictures besides, or more digits than a date has, a password is more than the words it holds. */
const ENOUGH = { letters: 4, digits: 9 };

/** What this software is called by, and what is tried anywhere: whoever does not know the service better tries these. */
const OWN_WORDS = [
  ...['auth', 'service', 'login', 'admin'],
  ...['password', 'passwort', 'пароль', 'welcome', 'letmein', 'qwerty'],
];

/**
 * What a password of this service may hold, but not be built from (NIST SP 800-63B-4, 3.1.1.2): what is tried anywhere, its
 * host, and what the operator names.
 * @returns words in lower case
 */
export function wordsOfService(issuerUrl: string, named: readonly string[]): string[] {
  return longEnough([...OWN_WORDS, ...labelsOf(new URL(issuerUrl).hostname), ...named]);
}

/** @param email in its stored form. @returns words in lower case: the local part and its parts, and the domain's */
export function wordsOfAddress(email: string): string[] {
  const at = email.lastIndexOf('@');
  const local = email.slice(0, at);
  return longEnough([local, ...local.split(/[^a-z0-9]+/), ...labelsOf(email.slice(at + 1))]);
}

/** True for a text that is hardly more than some of these words, with digits and marks between them. Case does not count. */
export function isBuiltFrom(text: string, words: readonly string[]): boolean {
  const typed = text.toLowerCase();
  const longestFirst = [...words].sort((a, b) => b.length - a.length);
  const rest = longestFirst.reduce((left, word) => left.replaceAll(word, ' '), typed);
  return rest !== typed && count(rest, /[\p{L}\p{So}]/gu) < ENOUGH.letters && count(rest, /\p{N}/gu) < ENOUGH.digits;
}

function count(text: string, kind: RegExp): number {
  return text.match(kind)?.length ?? 0;
}

/** The names in a host's, without the last one (`com`), and none of an address in numbers. */
function labelsOf(host: string): string[] {
  const labels = host.split('.');
  if (labels.length === 1) return labels;
  return labels.slice(0, -1).filter((label) => /[a-z]/.test(label));
}

function longEnough(words: readonly string[]): string[] {
  return words.map((word) => word.toLowerCase()).filter((word) => word.length >= SHORTEST_WORD && /\p{L}/u.test(word));
}
