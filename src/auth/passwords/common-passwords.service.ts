import { createRequire } from 'node:module';

/** No password is shorter, so the shorter entries of the list need not be kept. */
const SHORTEST = 8;

let common: ReadonlySet<string> | undefined;

/**
 * True for a password that many people use, ignoring case: attackers try it first. The list is loaded when the first password
 * is set, which makes the start faster and saves memory in a quiet service.
 */
export function isCommonPassword(password: string): boolean {
  common ??= loadList();
  return common.has(password.toLowerCase());
}

function loadList(): ReadonlySet<string> {
  const require = createRequire(import.meta.url);
  const { dictionary } = require('@zxcvbn-ts/language-common') as typeof import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common'].filter((entry) => entry.length >= SHORTEST));
}
