import { BOX_WORDS, P_WORDS } from './layout.js';

const S0 = P_WORDS;
const S1 = S0 + BOX_WORDS;
const S2 = S1 + BOX_WORDS;
const S3 = S2 + BOX_WORDS;
const ROUNDS = 16;

/**
 * Encrypts the two words at `at` in place, with the state at the beginning of the same memory.
 * For the few hundred encryptions at the beginning and at the end of a hash; the millions between them are the kernel's.
 */
export function encrypt(lane: Int32Array, at: number): void {
  let left = lane[at]! ^ lane[0]!;
  let right = lane[at + 1]!;
  for (let round = 1; round <= ROUNDS; round += 2) {
    right ^= lookUps(lane, left) ^ lane[round]!;
    left ^= lookUps(lane, right) ^ lane[round + 1]!;
  }
  lane[at] = right ^ lane[ROUNDS + 1]!;
  lane[at + 1] = left;
}

function lookUps(lane: Int32Array, word: number): number {
  const sum = lane[S0 + (word >>> 24)]! + lane[S1 + ((word >>> 16) & 0xff)]!;
  return ((sum ^ lane[S2 + ((word >>> 8) & 0xff)]!) + lane[S3 + (word & 0xff)]!) | 0;
}
