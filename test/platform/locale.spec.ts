import { chooseLocale } from '../../src/platform/locale.value.js';

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

  it('is the one that was set when nothing else is asked for', () => {
    expect([chooseLocale('de', 'ru'), chooseLocale('*', 'ru'), chooseLocale(undefined, 'ru')]).toEqual([
      'ru',
      'ru',
      'ru',
    ]);
    expect([chooseLocale('de', null), chooseLocale('*', null), chooseLocale('ru', null)]).toEqual([null, null, 'ru']);
  });
});
