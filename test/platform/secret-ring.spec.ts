import { type KeyObject, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Secret, SecretMissing, SecretRing } from '../../src/platform/secrets/secret-ring.value.js';

const [older, newer] = [randomBytes(32), randomBytes(32)];
const ring = new SecretRing([newer, older]);
const plain = Buffer.from('a private key');
const hexOf = (key: KeyObject): string => key.export().toString('hex');

describe('A secret', () => {
  it('has the keys that RFC 5869 gives for its labels: they never change, or nothing stored could be opened', () => {
    const fixed = new Secret(Buffer.alloc(32, 7));
    expect([fixed.id, hexOf(fixed.key('refresh-token'))]).toEqual([
      'iAiqmPxb',
      'b90acf888aae1eb48069f21b39f42eb5df65c735540e2d204441987e202beaa9',
    ]);
  });

  it('has another key for each label, and the same for the same', () => {
    const secret = new Secret(newer);
    const keys = ['signing-key', 'password-key', 'refresh-token', 'id'].map((label) => hexOf(secret.key(label)));
    expect(new Set(keys).size).toBe(4);
    expect(keys.every((key) => key.length === 64)).toBe(true);
    expect(new Secret(newer).key('signing-key').equals(secret.key('signing-key'))).toBe(true);
    expect(new Secret(older).key('signing-key').equals(secret.key('signing-key'))).toBe(false);
  });

  it('has an id that shows none of its bytes', () => {
    const id = Buffer.from(new Secret(newer).id, 'base64url');
    expect(id).toHaveLength(6);
    expect(newer.includes(id)).toBe(false);
  });
});

describe('A ring of secrets', () => {
  it('needs at least one', () => {
    expect(() => new SecretRing([])).toThrow('at least one');
  });

  it('makes with the first and finds every one', () => {
    expect(ring.current.id).toBe(new Secret(newer).id);
    expect([newer, older].map((bytes) => ring.find(new Secret(bytes).id)?.id)).toEqual([
      new Secret(newer).id,
      new Secret(older).id,
    ]);
    expect(ring.find('unknown')).toBeUndefined();
  });

  it('opens what it sealed, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.string(), fc.string(), (bytes, label, context) => {
        const sealed = ring.seal(label, Buffer.from(bytes), context);
        expect(sealed.secretId).toBe(ring.current.id);
        expect(ring.open(label, sealed, context)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('seals the same bytes differently each time, and shows nothing of them', () => {
    const [one, other] = [ring.seal('label', plain, 'kid'), ring.seal('label', plain, 'kid')];
    expect(one.bytes).not.toEqual(other.bytes);
    expect(one.bytes.subarray(0, 12)).not.toEqual(other.bytes.subarray(0, 12));
    expect(one.bytes.includes(plain)).toBe(false);
    expect(one.bytes).toHaveLength(12 + plain.length + 16);
  });

  it('opens after a rotation, in whatever order, what any listed secret sealed', () => {
    const sealed = new SecretRing([older]).seal('label', plain, 'kid');
    for (const secrets of [[older], [older, newer], [newer, older]]) {
      expect(new SecretRing(secrets).open('label', sealed, 'kid')).toEqual(plain);
    }
  });

  it('names the secret that it lacks by its id, and shows none', () => {
    const sealed = new SecretRing([older]).seal('label', plain, 'kid');
    const open = (): Buffer => new SecretRing([newer]).open('label', sealed, 'kid');
    expect(open).toThrow(SecretMissing);
    expect(open).toThrow(new RegExp(`lacks the secret with the id ${new Secret(older).id},`));
    for (const bytes of [older, newer]) {
      expect(open).not.toThrow(bytes.toString('base64url'));
    }
  });

  it('opens nothing for another context or another label', () => {
    const sealed = ring.seal('signing-key', plain, 'kid-1');
    expect(() => ring.open('signing-key', sealed, 'kid-2')).toThrow();
    expect(() => ring.open('password-key', sealed, 'kid-1')).toThrow();
    expect(() => ring.open('signing-key', { ...sealed, secretId: new Secret(older).id }, 'kid-1')).toThrow();
  });

  it('opens nothing of which a single bit was changed, or a byte is missing', () => {
    const sealed = ring.seal('label', plain, 'kid');
    for (let at = 0; at < sealed.bytes.length * 8; at++) {
      const bytes = Buffer.from(sealed.bytes);
      bytes[at >> 3] = bytes[at >> 3]! ^ (1 << (at & 7));
      expect(() => ring.open('label', { ...sealed, bytes }, 'kid')).toThrow();
    }
    for (let length = 0; length < sealed.bytes.length; length++) {
      const bytes = sealed.bytes.subarray(0, length);
      expect(() => ring.open('label', { ...sealed, bytes }, 'kid')).toThrow();
    }
  });
});
