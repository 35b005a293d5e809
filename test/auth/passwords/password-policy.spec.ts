import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isCommonPassword } from '../../../src/auth/passwords/common-passwords.service.js';
import { wordsOfService } from '../../../src/auth/passwords/context-words.value.js';
import { isPossiblePassword, passwordProblem } from '../../../src/auth/passwords/password-policy.value.js';
import { millisOf, quickest } from '../../support/time/quickest.js';

const EMAIL = 'ada@example.com';
const WORDS = wordsOfService('https://accounts.example', ['initech', 'tps reports']);
const codeOf = (password: string, minLength = 8): string | null =>
  passwordProblem(password, EMAIL, minLength, WORDS, isCommonPassword)?.code ?? null;

describe('A password', () => {
  it.each([
    ['7 characters', 'seven 7', 'too_short'],
    ['8 characters', 'eight 88', null],
    ['7 emoji, 14 UTF-16 units', '😀'.repeat(7), 'too_short'],
    ['8 emoji', '😀'.repeat(8), null],
    ['7 characters that are 14 before composition', 'e\u0301'.repeat(7), 'too_short'],
    ['128 emoji', '😀'.repeat(128), null],
    ['129 emoji', '😀'.repeat(129), 'too_long'],
    ['128 characters of four code points each before composition', '\u03b1\u0313\u0300\u0345'.repeat(128), null],
    ['129 of them', '\u03b1\u0313\u0300\u0345'.repeat(129), 'too_long'],
    ['blanks alone', ' '.repeat(8), 'password_monotonous'],
    ['blanks of many kinds', ' \t\u00a0\u2003'.repeat(32), 'password_monotonous'],
    ['8 times the same letter', 'x'.repeat(8), 'password_monotonous'],
    ['15 times the same letter', 'x'.repeat(15), 'password_monotonous'],
    ['16 times the same letter', 'x'.repeat(16), null],
    ['words with blanks between them', 'four words of five', null],
    ['the email address', 'ADA@example.COM', 'password_equals_email'],
    ['a common one', 'Password1', 'password_blocklisted'],
    ['a common one and more', 'Password1 and more', null],
    ["the service's name and a year", 'Initech-2026!', 'password_guessable'],
    ['this software’s own name', 'Auth-Service-3000', 'password_guessable'],
    ['a word that everybody tries', 'Welcome-2026-11', 'password_guessable'],
    ['two of them', 'letmein, qwerty!', 'password_guessable'],
    ['one of them in another language', 'Пароль-2026', 'password_guessable'],
    ['one of them among others', 'my password is a secret', null],
    ['words that the operator named, again and again', 'INITECH auth Initech', 'password_guessable'],
    ['a word that holds a blank', 'TPS Reports 7', 'password_guessable'],
    ["the owner's name and a number", 'ada-ada-1815', 'password_guessable'],
    ["the domain of the owner's address", 'example1example', 'password_guessable'],
    ['such a word and three letters', 'initechabc', 'password_guessable'],
    ['such a word among others', 'initech pays me too little', null],
    ['such a word and nine digits', 'initech 271828182', null],
    ['such a word and four pictures', 'initech 🐎🔋📎✅', null],
    ['digits and marks alone', '20-26-1815-42', null],
  ])('of %s', (_, password, code) => {
    expect(codeOf(password)).toBe(code);
  });

  it('has the shortest length that the settings name', () => {
    expect(codeOf('fourteen chars', 15)).toBe('too_short');
    expect(codeOf('fifteen chars!!', 15)).toBeNull();
  });

  it('is possible at a login whenever it is good for an account', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 140 }), (password) => {
        if (codeOf(password) === null) expect(isPossiblePassword(password)).toBe(true);
      }),
    );
    expect(['', 'x'].map(isPossiblePassword)).toEqual([false, true]);
  });

  it('costs next to nothing to refuse when it is 16 KB of marks that are to be put in order', async () => {
    const hostile = `a${'\u0301\u0316'.repeat(4_000)}`;
    const refuse = async (): Promise<void> => {
      for (let i = 0; i < 50; i++) expect([isPossiblePassword(hostile), codeOf(hostile)]).toEqual([false, 'too_long']);
    };
    expect(await quickest(100, () => millisOf(refuse))).toBeLessThan(100);
  });
});
