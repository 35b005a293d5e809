/** How many hashes are computed at the same time. A fourth would gain almost nothing, because the registers are used up. */
export const LANES = 3;

/** Blowfish's P array: 18 words; its four S boxes follow it, so that one loop rewrites all of a lane's state. */
export const P_WORDS = 18;
export const BOX_WORDS = 256;
export const STATE_WORDS = P_WORDS + 4 * BOX_WORDS;

/** Offsets in a lane's memory after its state, in words of 4 bytes (little-endian, as always in WebAssembly). */
export const KEY_WORD = STATE_WORDS + 2; // at a multiple of 16 bytes
export const SALT_WORD = KEY_WORD + P_WORDS;
export const SALT_WORDS = 4;
export const TEXT_WORD = SALT_WORD + SALT_WORDS;
export const TEXT_WORDS = 6;

/** The distance between lanes. Not a multiple of 4096 bytes, because then the lanes would compete for the same cache sets. */
export const LANE_WORDS = 1088;

/** After the lanes: the initial state of every hash, the digits of pi. */
export const INITIAL_STATE_WORD = LANES * LANE_WORDS;
