import { types } from 'node:util';

const LOWEST_COST = 4;
const HIGHEST_COST = 31;
export const SALT_BYTES = 16;

/** A password to hash, and its salt. */
export interface BcryptJob {
  /** A string is encoded as UTF-8. Only the first 72 bytes count. */
  password: string | Uint8Array;
  /** 16 bytes. */
  salt: Uint8Array;
}

/** @throws TypeError, RangeError; never with anything of the password in it */
export function checkedJob({ password, salt }: BcryptJob): { password: Uint8Array; salt: Uint8Array } {
  return { password: passwordBytes(password), salt: checkedBytes(salt, 'salt', SALT_BYTES) };
}

/** @throws TypeError, RangeError */
export function checkedCost(cost: number): number {
  if (Number.isInteger(cost) && cost >= LOWEST_COST && cost <= HIGHEST_COST) return cost;
  if (typeof cost !== 'number') throw new TypeError('the cost must be a number');
  throw new RangeError(`the cost must be a whole number from ${LOWEST_COST} to ${HIGHEST_COST}`);
}

/** @throws TypeError, RangeError */
export function checkedBytes(bytes: Uint8Array, name: string, length: number): Uint8Array {
  if (!types.isUint8Array(bytes)) throw new TypeError(`the ${name} must be a Uint8Array`);
  if (bytes.length !== length) throw new RangeError(`the ${name} must have ${length} bytes`);
  return bytes;
}

/** Half a surrogate pair has no UTF-8: replaced, as TextEncoder does it, all such passwords would be one. */
function passwordBytes(password: string | Uint8Array): Uint8Array {
  if (types.isUint8Array(password)) return password;
  if (typeof password !== 'string') throw new TypeError('the password must be a string or a Uint8Array');
  if (/\p{Surrogate}/u.test(password)) throw new RangeError('the password must be well-formed Unicode');
  return new TextEncoder().encode(password);
}
