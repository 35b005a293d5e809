import { LANE_WORDS, P_WORDS } from '../src/layout.js';

/** A line of WebAssembly's text format. */
export type Line = string;

const ROUNDS = 16;
const BOX_BYTES = 1024;

/**
 * One Blowfish encryption of the words `$left` and `$right` of each lane, in place.
 *
 * Rounds form a chain of dependent loads: each looks up bytes of a word in the S boxes and changes the other word, of which the
 * next round looks up bytes. The processor waits for each load. So the lanes are interleaved round by round: while the loads of
 * one lane are in progress, those of the others start. The order of these lines is essential; sorting them by lane would undo
 * the gain.
 */
export function encryption(lanes: number): Line[] {
  const numbers = Array.from({ length: lanes }, (_, lane) => lane);
  const rounds = Array.from({ length: ROUNDS }, (_, i) => numbers.map((lane) => round(lane, i + 1)));
  return [...numbers.map(whiten), ...rounds.flat(), ...numbers.map(finish)];
}

/** Loads a word at a fixed place in a lane's memory. */
export function load(lane: number, word: number): string {
  return `(i32.load offset=${(lane * LANE_WORDS + word) * 4} (i32.const 0))`;
}

function whiten(lane: number): Line {
  return `(local.set $left${lane} (i32.xor (local.get $left${lane}) ${load(lane, 0)}))`;
}

/** The halves swap roles instead of places from round to round. */
function round(lane: number, number: number): Line {
  const [from, into] = number % 2 === 1 ? ['left', 'right'] : ['right', 'left'];
  const mixed = `(i32.xor (local.get $${into}${lane}) ${load(lane, number)})`;
  return `(local.set $${into}${lane} (i32.xor ${mixed} ${lookUps(lane, `(local.get $${from}${lane})`)}))`;
}

function finish(lane: number): Line {
  const keep = `(local.set $swap (local.get $left${lane}))`;
  const left = `(local.set $left${lane} (i32.xor (local.get $right${lane}) ${load(lane, ROUNDS + 1)}))`;
  return `${keep} ${left} (local.set $right${lane} (local.get $swap))`;
}

/** Blowfish's F: ((S0[a] + S1[b]) ^ S2[c]) + S3[d], of the bytes a b c d of a word. */
function lookUps(lane: number, word: string): string {
  const [a, b, c, d] = [
    `(i32.shr_u ${word} (i32.const 22))`,
    `(i32.shr_u ${word} (i32.const 14))`,
    `(i32.shr_u ${word} (i32.const 6))`,
    `(i32.shl ${word} (i32.const 2))`,
  ].map((shifted, box) => lookUp(lane, box, shifted)) as [string, string, string, string];
  return `(i32.add (i32.xor (i32.add ${a} ${b}) ${c}) ${d})`;
}

/** @param shifted the wanted byte of the word, already times the 4 bytes of an entry */
function lookUp(lane: number, box: number, shifted: string): string {
  const boxByte = (lane * LANE_WORDS + P_WORDS) * 4 + box * BOX_BYTES;
  return `(i32.load offset=${boxByte} (i32.and ${shifted} (i32.const ${BOX_BYTES - 4})))`;
}
