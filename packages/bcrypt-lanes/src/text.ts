import { checkedBytes, checkedCost, SALT_BYTES } from './job.js';

const DIGEST_BYTES = 23;
const LETTERS = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const FORM = /^\$(2[aby])\$(\d\d)\$([./0-9A-Za-z]{22})([./0-9A-Za-z]{31})$/;

/** Three historical names of the same algorithm; `2b` is the current one. */
export type BcryptVersion = '2a' | '2b' | '2y';

/** The parts of a hash such as `$2b$12$…`. */
export interface BcryptHash {
  version: BcryptVersion;
  cost: number;
  /** 16 bytes. */
  salt: Uint8Array;
  /** 23 bytes. */
  digest: Uint8Array;
}

/** @throws TypeError, RangeError */
export function formatHash({ version, cost, salt, digest }: BcryptHash): string {
  const rounds = String(checkedCost(cost)).padStart(2, '0');
  const letters = [checkedBytes(salt, 'salt', SALT_BYTES), checkedBytes(digest, 'digest', DIGEST_BYTES)].map(encoded);
  return `$${version}$${rounds}$${letters.join('')}`;
}

/** @returns null for a text that `formatHash` would not produce */
export function parseHash(text: string): BcryptHash | null {
  const [, version, cost, salt, digest] = FORM.exec(text) ?? [];
  if (!version || !salt || !digest || Number(cost) < 4 || Number(cost) > 31) return null;
  const hash = {
    version: version as BcryptVersion,
    cost: Number(cost),
    salt: decoded(salt, SALT_BYTES),
    digest: decoded(digest, DIGEST_BYTES),
  };
  // The last characters have unused bits. Of the texts that decode to the same value only the canonical one is accepted.
  return formatHash(hash) === text ? hash : null;
}

/** Six bits per character, high bits first, as in base64 but with bcrypt's own alphabet. */
function encoded(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return bits.replace(/.{1,6}/g, (six) => LETTERS.charAt(Number.parseInt(six.padEnd(6, '0'), 2)));
}

function decoded(letters: string, length: number): Uint8Array {
  const bits = [...letters].map((letter) => LETTERS.indexOf(letter).toString(2).padStart(6, '0')).join('');
  return Uint8Array.from({ length }, (_, i) => Number.parseInt(bits.slice(i * 8, i * 8 + 8), 2));
}
