/** How many hashes are computed at the same time. A fourth would gain almost nothing, because the registers are used up. */
export const LANES = 3;

/** Blowfish's P array: 18 words; its four S boxes follow it, so that one loop rewrites all of a lane's state. */
export const P_WORDS = 18;
export const BOX_WORDS = 256;
export const STATE_WORDS = P_WORDS + 4 * BOX_WORDS;

/** Where things lie in a lane's memory, behind its state, in words of 4 bytes, little-endian as everywhere in WebAssembly. */
export const KEY_WORD = STATE_WORDS + 2; // at a multiple of 16 bytes
export const SALT_WORD = KEY_WORD + P_WORDS;
export const SALT_WORDS = 4;
export const TEXT_WORD = SALT_WORD + SALT_WORDS;
export const TEXT_WORDS = 6;

/** From one lane to the next; not a multiple of 4096 bytes, at which the lanes would compete for the same places in the cache. */
export const LANE_WORDS = 1088;

/** Behind the lanes: the state that every hash begins with, the digits of pi. */
export const INITIAL_STATE_WORD = LANES * LANE_WORDS;
