import { compare, digests, formatHash, hash, parseHash } from '../src/index.js';

const salt = new Uint8Array(16);
const digest = new Uint8Array(23);
const good = '$2b$04$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui';
/** For what only a caller without types can give. */
const anything = (value: unknown): never => value as never;

describe('What is no job is refused, and says why without saying what it was', () => {
  it.each([
    ['no cost', undefined, TypeError, 'the cost must be a number'],
    ['a cost in letters', '10', TypeError, 'the cost must be a number'],
    ['a cost too low', 3, RangeError, 'from 4 to 31'],
    ['a cost too high', 32, RangeError, 'from 4 to 31'],
    ['half a cost', 10.5, RangeError, 'from 4 to 31'],
    ['a cost that is no number', NaN, RangeError, 'from 4 to 31'],
  ])('%s', (_, cost, kind, message) => {
    const attempts = [() => digests([], anything(cost)), () => hash('a password', anything(cost))];
    for (const attempt of attempts) {
      expect(attempt).toThrow(kind);
      expect(attempt).toThrow(message);
    }
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a number', 12345678],
    ['an array', [1, 2, 3]],
    ['an object', { length: 8 }],
  ])('a password that is %s', (_, password) => {
    expect(() => digests([{ password: anything(password), salt }], 4)).toThrow(
      new TypeError('the password must be a string or a Uint8Array'),
    );
  });

  it.each(['\ud83d secret', 'secret \ude00', '\ude00\ud83d'])('a password of half a character', (password) => {
    expect(() => digests([{ password, salt }], 4)).toThrow(new RangeError('the password must be well-formed Unicode'));
  });

  it.each([
    ['no salt', undefined, TypeError],
    ['a salt in letters', 'abcdefghijklmnop', TypeError],
    ['a salt of words', new Uint16Array(16), TypeError],
    ['a salt of 15 bytes', new Uint8Array(15), RangeError],
    ['a salt of 17 bytes', new Uint8Array(17), RangeError],
  ])('%s', (_, wrong, kind) => {
    expect(() => digests([{ password: 'a password', salt: anything(wrong) }], 4)).toThrow(kind);
  });

  it('computes nothing for anyone when one of the jobs is wrong', () => {
    const jobs = [
      { password: 'a password', salt },
      { password: 'another', salt: new Uint8Array(3) },
    ];
    expect(() => digests(jobs, 31)).toThrow(RangeError);
  });
});

describe('The text of a hash', () => {
  it.each(['2a', '2b', '2y'] as const)('is read and written as it was: $%s$', (version) => {
    const text = good.replace('2b', version);
    expect(parseHash(text)).toMatchObject({ version, cost: 4 });
    expect(formatHash(parseHash(text)!)).toBe(text);
  });

  it.each([
    ['nothing', ''],
    ['another algorithm', good.replace('2b', '2x')],
    ['the first bcrypt', good.replace('2b', '2')],
    ['a cost of one digit', good.replace('04', '4')],
    ['a cost too low', good.replace('04', '03')],
    ['a cost too high', good.replace('04', '32')],
    ['a letter too few', good.slice(0, -1)],
    ['a letter too many', `${good}a`],
    ['a line end', `${good}\n`],
    ['a letter of another alphabet', good.replace('5s2', '+s2')],
    ['bits to spare in the salt', good.replace('stuu', 'stuv')],
    ['bits to spare in the digest', good.replace(/i$/, 'j')],
  ])('is not %s', (_, text) => {
    expect(parseHash(text)).toBeNull();
    expect(compare('a password', text)).toBe(false);
  });

  it.each([
    ['the salt', { salt: new Uint8Array(15), digest }],
    ['the digest', { salt, digest: new Uint8Array(24) }],
  ])('is not written when %s has another length', (_, parts) => {
    expect(() => formatHash({ version: '2b', cost: 4, ...parts })).toThrow(RangeError);
  });
});
