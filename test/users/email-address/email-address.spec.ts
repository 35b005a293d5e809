import { domainToUnicode } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseEmailAddress } from '../../../src/users/email-address/email-address.value.js';
import { millisOf, quickest } from '../../support/time/quickest.js';

const LONG_LABEL = 'd'.repeat(63);
/** 254 characters with `a@`, all of them allowed. */
const LONGEST_DOMAIN = `${LONG_LABEL}.${LONG_LABEL}.${LONG_LABEL}.${'d'.repeat(56)}.com`;

describe('An email address', () => {
  it.each([
    ['plain', 'ada@example.com', 'ada@example.com'],
    ['in capitals', 'ADA@EXAMPLE.COM', 'ada@example.com'],
    ['between blanks', ' \tada@example.com\t ', 'ada@example.com'],
    ['with a tag', 'ada+lists@example.com', 'ada+lists@example.com'],
    ['with dots', 'a.d.a@example.com', 'a.d.a@example.com'],
    ['with all that an atom may hold', "!#$%&'*+/=?^_`{|}~-@example.com", "!#$%&'*+/=?^_`{|}~-@example.com"],
    ['of a single letter', 'a@b.cd', 'a@b.cd'],
    ['with digits in its domain', 'ada@1.2.3.com', 'ada@1.2.3.com'],
    ['with hyphens in its domain', 'ada@my-own--host.example', 'ada@my-own--host.example'],
    ['of 64 characters before the @', `${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
    ['of 254 characters', `a@${LONGEST_DOMAIN}`, `a@${LONGEST_DOMAIN}`],
    ['with an international domain', 'ada@bücher.example', 'ada@xn--bcher-kva.example'],
    ['with one in capitals', 'ada@BÜCHER.EXAMPLE', 'ada@xn--bcher-kva.example'],
    ['with one decomposed', 'ada@bu\u0308cher.example', 'ada@xn--bcher-kva.example'],
    ['with one in punycode', 'ada@XN--BCHER-KVA.example', 'ada@xn--bcher-kva.example'],
    ['in Japanese', 'ada@日本語.jp', 'ada@xn--wgv71a119e.jp'],
    ['in Cyrillic, top level and all', 'ada@пример.рф', 'ada@xn--e1afmkfd.xn--p1ai'],
    ['in Hindi, with marks', 'ada@उदाहरण.कॉम', 'ada@xn--p1b6ci4b4b3a.xn--11b4c3d'],
    ['in two scripts, a label each', 'ada@почта.example', 'ada@xn--80a1acny.example'],
  ])('%s is accepted and kept in its one form', (_, typed, kept) => {
    expect(parseEmailAddress(typed)).toBe(kept);
  });

  it.each([
    ['ß is no ss: the DNS knows two domains (IDNA 2008)', 'ada@faß.de', 'ada@xn--fa-hia.de'],
    ['ss is ss', 'ada@fass.de', 'ada@fass.de'],
    ['ẞ is ß, whatever the Unicode version', 'ada@faẞ.de', 'ada@xn--fa-hia.de'],
    ['a final sigma is kept', 'ada@βόλος.com', 'ada@xn--nxasmm1c.com'],
    ['Σ is σ, since capitals do not tell', 'ada@ΒΌΛΟΣ.com', 'ada@xn--nxasmq6b.com'],
    ['ı is not i', 'ada@ı.com', 'ada@xn--cfa.com'],
  ])('keeps apart what the DNS keeps apart: %s', (_, typed, kept) => {
    expect(parseEmailAddress(typed)).toBe(kept);
  });

  it.each([
    ['empty', ''],
    ['blank', '   '],
    ['without @', 'ada.example.com'],
    ['without a local part', '@example.com'],
    ['without a domain', 'ada@'],
    ['with two @', 'ada@lovelace@example.com'],
    ['with a space', 'ada lovelace@example.com'],
    ['with a display name', 'Ada <ada@example.com>'],
    ['in angle brackets', '<ada@example.com>'],
    ['of two people', 'ada@example.com,grace@example.com'],
    ['of two people, by semicolon', 'ada@example.com;grace@example.com'],
    ['with a comment', 'ada(countess)@example.com'],
    ['with a mailto', 'mailto:ada@example.com'],
    ['with a quoted local part', '"ada"@example.com'],
    ['with a backslash', 'ada\\@example.com'],
    ['with a dot in front', '.ada@example.com'],
    ['with a dot at the end', 'ada.@example.com'],
    ['with two dots', 'a..da@example.com'],
    ['of 65 characters before the @', `${'a'.repeat(65)}@example.com`],
    ['of 255 characters', `ab@${LONGEST_DOMAIN}`],
    ['with a label of 64', `ada@${'d'.repeat(64)}.com`],
    ['with a label of 64 in punycode', `ada@${'ü'.repeat(62)}.com`],
    ['with an accent in the local part', 'adá@example.com'],
    ['with a NUL', 'ada\u0000@example.com'],
    ['with a NUL at the end', 'ada@example.com\u0000'],
    ['with a CRLF at the end', 'ada@example.com\r\n'],
    ['with a header', 'ada@example.com\r\nBcc: eve@example.com'],
    ['with a line feed in front', '\nada@example.com'],
    ['with a no-break space in front', '\u00a0ada@example.com'],
    ['with a lone surrogate', 'ada@\ud800.com'],
    ['with a byte order mark', '\ufeffada@example.com'],
    ['with a fullwidth @', 'ada＠example.com'],
    ['with a small @', 'ada﹫example.com'],
    ['with a fullwidth letter in the domain', 'ada@ｅxample.com'],
    ['with a fullwidth letter in the local part', 'ａda@example.com'],
    ['with a Kelvin sign in the domain', 'ada@\u212aelvin.com'],
    ['with a Kelvin sign in the local part', '\u212aelvin@example.com'],
    ['with a long s in the domain', 'ada@ſun.com'],
    ['with a ligature in the domain', 'ada@ﬀ.com'],
    ['with a superscript in the domain', 'ada@a².com'],
    ['with an ideographic full stop', 'ada@example。com'],
    ['with a one dot leader', 'ada@example․com'],
    ['with a zero-width space', 'ada@exam\u200bple.com'],
    ['with a zero-width joiner', 'ada@exam\u200dple.com'],
    ['with a zero-width non-joiner where Persian allows one', 'ada@نامه\u200cای.com'],
    ['with the same in punycode', 'ada@xn--mgba3gch31f060k.com'],
    ['with a word joiner', 'ada@exam\u2060ple.com'],
    ['with a soft hyphen', 'ada@exam\u00adple.com'],
    ['with a combining grapheme joiner', 'ada@exam\u034fple.com'],
    ['with a variation selector', 'ada@example\ufe0f.com'],
    ['with a Mongolian variation selector', 'ada@exam\u180bple.com'],
    ['with a variation selector of the supplement', 'ada@example\u{e0101}.com'],
    ['with a Hangul filler', 'ada@exam\u3164ple.com'],
    ['with a bidi override', 'ada@\u202eexample.com'],
    ['with a bidi isolate', 'ada@\u2066example\u2069.com'],
    ['with a bidi override in the local part', '\u202eada@example.com'],
    ['in two directions', 'ada@אa.com'],
    ['with Latin and Cyrillic in a label', 'ada@p\u0430ypal.com'],
    ['with the same in punycode', 'ada@xn--pypal-4ve.com'],
    ['with Latin and Greek in a label', 'ada@ex\u03b1mple.com'],
    ['with Cyrillic and Greek in a label', 'ada@п\u03bfчта.com'],
    ['of an emoji domain', 'ada@i❤.ws'],
    ['of an emoji domain in punycode', 'ada@xn--i-7iq.ws'],
    ['with a mark in front of a label', 'ada@\u0301b.com'],
    ['with broken punycode', 'ada@xn--a.com'],
    ['with empty punycode', 'ada@xn--.com'],
    ['with punycode of nothing but ASCII', 'ada@xn--example-.com'],
    ['of one label', 'ada@localhost'],
    ['of one label and a dot', 'ada@com.'],
    ['with a trailing dot', 'ada@example.com.'],
    ['with a dot at the front of the domain', 'ada@.example.com'],
    ['with an empty label', 'ada@example..com'],
    ['with a hyphen in front of a label', 'ada@-example.com'],
    ['with a hyphen at the end of a label', 'ada@example-.com'],
    ['with an underscore in the domain', 'ada@exam_ple.com'],
    ['with a numeric top level', 'ada@example.123'],
    ['with a top level that begins with a digit', 'ada@example.1a'],
    ['with a top level of one letter', 'ada@example.c'],
    ['at an IPv4 address', 'ada@127.0.0.1'],
    ['at an IPv4 address in hexadecimal', 'ada@0x7f.1'],
    ['at an IPv4 literal', 'ada@[127.0.0.1]'],
    ['at an IPv6 literal', 'ada@[IPv6:::1]'],
    ['with a port', 'ada@example.com:25'],
    ['with a path', 'ada@example.com/x'],
    ['with a per cent', 'ada@exam%70le.com'],
  ])('%s is refused', (_, typed) => {
    expect(parseEmailAddress(typed)).toBeNull();
  });

  it('has one form: what comes out goes in unchanged, in ASCII, also by its readable domain and in capitals', () => {
    const label = fc.string({ unit: fc.constantFrom(...'aZ0-üÜß日пΣσ\u0308'), minLength: 1, maxLength: 12 });
    const typed = fc.oneof(
      fc.tuple(fc.constantFrom('ada', 'A.B', ' x'), label, label).map(([l, a, b]) => `${l}@${a}.${b}`),
      fc.tuple(fc.webAuthority(), fc.string()).map(([host, local]) => `${local}@${host}`),
      fc.emailAddress(),
    );
    const accepted = typed.map((text) => parseEmailAddress(text)).filter((kept) => kept !== null);
    fc.assert(
      fc.property(accepted, (kept) => {
        const [local, domain] = kept.split('@') as [string, string];
        expect(kept).toMatch(/^[!-~]{3,254}$/);
        expect(parseEmailAddress(kept)).toBe(kept);
        expect(parseEmailAddress(kept.toUpperCase())).toBe(kept);
        expect(parseEmailAddress(`${local}@${domainToUnicode(domain)}`)).toBe(kept);
      }),
    );
  });

  it('is made of any text without an error', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ unit: 'binary' }), (local, domain) => {
        for (const text of [local, `a@${domain}`, `${local}@${domain}`, `a@b${domain}.com`]) {
          expect([null, parseEmailAddress(parseEmailAddress(text) ?? '')]).toContain(parseEmailAddress(text));
        }
      }),
    );
  });

  it.each([
    ['blanks', `a${' '.repeat(16_000)}b@example.com`],
    ['blanks in the domain', `a@b${'\t'.repeat(16_000)}c.com`],
    ['dots', `a@${'a.'.repeat(8_000)}com`],
    ['marks', `a@b${'\u0301\u0316'.repeat(4_000)}.com`],
    ['@', '@'.repeat(16_000)],
  ])('costs next to nothing to refuse when it is 16 KB of %s', async (_, typed) => {
    const refuse = async (): Promise<void> => {
      for (let i = 0; i < 20; i++) expect(parseEmailAddress(typed)).toBeNull();
    };
    expect(await quickest(100, () => millisOf(refuse))).toBeLessThan(100);
  });
});
