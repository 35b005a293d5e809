import {
  INITIAL_STATE_WORD,
  KEY_WORD,
  LANES,
  LANE_WORDS,
  P_WORDS,
  SALT_WORD,
  SALT_WORDS,
  STATE_WORDS,
} from '../src/layout.js';
import { fractionOfPi } from './pi.js';
import { encryption, load, type Line } from './encryption-text.js';

/**
 * The kernel in WebAssembly's text format: for each number of lanes a function `run<lanes>(rounds)`, which does the expensive
 * part of bcrypt on the state, key and salt in the memory of each lane.
 */
export function kernelText(): string {
  const functions = Array.from({ length: LANES }, (_, i) => [...rewriting(i + 1), ...running(i + 1)]);
  return ['(module', '(memory (export "memory") 1)', initialState(), ...functions.flat(), ')'].join('\n');
}

function initialState(): string {
  const bytes = Buffer.alloc(STATE_WORDS * 4);
  fractionOfPi(STATE_WORDS).forEach((word, i) => bytes.writeUInt32LE(word, i * 4));
  const escaped = bytes.toString('hex').replace(/../g, '\\$&');
  return `(data (i32.const ${INITIAL_STATE_WORD * 4}) "${escaped}")`;
}

/** Blowfish's key schedule without the key: replaces the whole state, two words at a time, by encrypting repeatedly with it. */
function rewriting(lanes: number): Line[] {
  const words = each(lanes, (lane) => [`(local $left${lane} i32) (local $right${lane} i32)`]);
  const stores = each(lanes, (lane) => [
    `(i32.store offset=${laneByte(lane)} (local.get $at) (local.get $left${lane}))`,
    `(i32.store offset=${laneByte(lane) + 4} (local.get $at) (local.get $right${lane}))`,
  ]);
  return [
    `(func $rewrite${lanes} (local $at i32) (local $swap i32)`,
    ...words,
    '(loop $next',
    ...encryption(lanes),
    ...stores,
    `(br_if $next (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 8))) (i32.const ${STATE_WORDS * 4})))))`,
  ];
}

/** The slow part of bcrypt: mixes the state with the key and then with the salt, as often as the cost says. */
function running(lanes: number): Line[] {
  return [
    `(func (export "run${lanes}") (param $rounds i32) (loop $again`,
    ...mixing(lanes, KEY_WORD, P_WORDS),
    `(call $rewrite${lanes})`,
    ...mixing(lanes, SALT_WORD, SALT_WORDS),
    `(call $rewrite${lanes})`,
    '(br_if $again (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1))))))',
  ];
}

/** XORs P with words in memory, starting again at the first after the last. */
function mixing(lanes: number, fromWord: number, words: number): Line[] {
  return Array.from({ length: P_WORDS }, (_, i) => i).flatMap((i) =>
    each(lanes, (lane) => {
      const mixed = `(i32.xor ${load(lane, i)} ${load(lane, fromWord + (i % words))})`;
      return [`(i32.store offset=${laneByte(lane) + i * 4} (i32.const 0) ${mixed})`];
    }),
  );
}

function laneByte(lane: number): number {
  return lane * LANE_WORDS * 4;
}

function each(lanes: number, lines: (lane: number) => Line[]): Line[] {
  return Array.from({ length: lanes }, (_, lane) => lines(lane)).flat();
}
