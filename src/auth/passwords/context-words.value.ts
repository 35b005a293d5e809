/** Shorter words occur in many passwords by chance. */
const SHORTEST_WORD = 3;
/**
 * With this many further letters or symbols, or more digits than a date has, a password counts as more than its context words.
 */
const ENOUGH = { letters: 4, digits: 9 };

/** The names of this software, and words that attackers try at any service. */
const OWN_WORDS = [
  ...['auth', 'service', 'login', 'admin'],
  ...['password', 'passwort', 'пароль', 'welcome', 'letmein', 'qwerty'],
];

/**
 * Words that a password may contain but must not be built from (NIST SP 800-63B-4, 3.1.1.2): common ones, the labels of the
 * service's host, and those that the operator has set.
 * @returns words in lower case
 */
export function wordsOfService(issuerUrl: string, named: readonly string[]): string[] {
  return longEnough([...OWN_WORDS, ...labelsOf(new URL(issuerUrl).hostname), ...named]);
}

/** @param email in its stored form. @returns words in lower case: the local part, its parts, and the labels of the domain */
export function wordsOfAddress(email: string): string[] {
  const at = email.lastIndexOf('@');
  const local = email.slice(0, at);
  return longEnough([local, ...local.split(/[^a-z0-9]+/), ...labelsOf(email.slice(at + 1))]);
}

/** True if a text is little more than some of these words, with digits and punctuation. Ignores case. */
export function isBuiltFrom(text: string, words: readonly string[]): boolean {
  const typed = text.toLowerCase();
  const longestFirst = [...words].sort((a, b) => b.length - a.length);
  const rest = longestFirst.reduce((left, word) => left.replaceAll(word, ' '), typed);
  return rest !== typed && count(rest, /[\p{L}\p{So}]/gu) < ENOUGH.letters && count(rest, /\p{N}/gu) < ENOUGH.digits;
}

function count(text: string, kind: RegExp): number {
  return text.match(kind)?.length ?? 0;
}

/** The labels of a host name without the top-level domain and without numeric ones. */
function labelsOf(host: string): string[] {
  const labels = host.split('.');
  if (labels.length === 1) return labels;
  return labels.slice(0, -1).filter((label) => /[a-z]/.test(label));
}

function longEnough(words: readonly string[]): string[] {
  return words.map((word) => word.toLowerCase()).filter((word) => word.length >= SHORTEST_WORD && /\p{L}/u.test(word));
}
