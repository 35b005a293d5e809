import fc from 'fast-check';
import { chooseLocale, LOCALES } from '../../src/platform/locale.value.js';

describe('The language of an answer', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['ru', 'ru'],
    ['ru-RU', 'ru'],
    ['RU-ru', 'ru'],
    ['en-GB,ru;q=0.9', 'en'],
    ['de-CH, ru;q=0.8, *;q=0.1', 'ru'],
    ['en;q=0.3, ru;q=0.7', 'ru'],
    ['ru;q=0, *', 'en'],
    ['de, fr;q=0.5', 'en'],
    ['*', 'en'],
    ['ru;q=2, en;q=0.1', 'en'],
    ['rude', 'en'],
    ['constructor, __proto__;q=0.9', 'en'],
    [`${'de,'.repeat(5_000)}ru`, 'en'],
  ])('is chosen from %j: %s', (header, locale) => {
    expect(chooseLocale(header, 'en')).toBe(locale);
  });

  it('is one of ours, or none, whatever is asked for', () => {
    const header = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.constantFrom('ru', 'en-GB', '*', 'q=0', 'q=0.5', 'q=-1', 'q=NaN', ';', ' ', 'Q=1.0000'))
        .map((some) => some.join(',')),
      fc
        .array(fc.constantFrom('ru', 'en', '*', ';q=0.3', ';q=', ',', ';', 'ru-', '-', '\t'))
        .map((some) => some.join('')),
    );
    fc.assert(
      fc.property(header, (text) => {
        const chosen = chooseLocale(text, null);
        expect([null, ...LOCALES]).toContain(chosen);
        // What is set counts only where nothing of ours is asked for by name, or anything will do.
        for (const set of LOCALES)
          expect([chosen ?? set, ...(text.includes('*') ? [set] : [])]).toContain(chooseLocale(text, set));
        if (!/[q*]|en/i.test(text)) expect(chooseLocale(`ru, ${text}`, null)).toBe('ru');
      }),
      { numRuns: 2_000 },
    );
  });

  it('is the one that was set when nothing else is asked for', () => {
    expect([chooseLocale('de', 'ru'), chooseLocale('*', 'ru'), chooseLocale(undefined, 'ru')]).toEqual([
      'ru',
      'ru',
      'ru',
    ]);
    expect([chooseLocale('de', null), chooseLocale('*', null), chooseLocale('ru', null)]).toEqual([null, null, 'ru']);
  });
});
