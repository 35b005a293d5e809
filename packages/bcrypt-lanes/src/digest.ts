import { encrypt } from './blowfish.js';
import { Kernel } from './kernel.js';
import { KEY_WORD, LANES, P_WORDS, SALT_WORD, SALT_WORDS, STATE_WORDS, TEXT_WORD, TEXT_WORDS } from './layout.js';
import { checkedCost, checkedJob, type BcryptJob } from './job.js';

/** "OrpheanBeholderScryDoubt", which bcrypt encrypts 64 times over; the last byte of the result is dropped. */
const TEXT = words(new TextEncoder().encode('OrpheanBeholderScryDoubt'), TEXT_WORDS);
const TEXT_ENCRYPTIONS = 64;
const DIGEST_BYTES = 23;

let opened: Kernel | undefined;

/**
 * Computes bcrypt for any number of passwords with the same cost, on the calling thread. It computes three at a time, which
 * takes little longer than one. Only the first 72 bytes of a password count. A zero byte does not end it.
 * @param cost 4 to 31; each step doubles the time
 * @returns the raw digests, 23 bytes each, in the order of the jobs
 * @throws TypeError, RangeError for an invalid job or cost; Error if WebAssembly is not available
 */
export function digests(jobs: readonly BcryptJob[], cost: number): Uint8Array[] {
  const rounds = 2 ** checkedCost(cost);
  const checked = jobs.map(checkedJob);
  const kernel = (opened ??= new Kernel());
  const found: Uint8Array[] = [];
  for (let first = 0; first < checked.length; first += LANES) {
    found.push(...batch(kernel, checked.slice(first, first + LANES), rounds));
  }
  return found;
}

/** At most one job per lane. The memory is always cleared afterwards. */
function batch(
  kernel: Kernel,
  jobs: readonly { password: Uint8Array; salt: Uint8Array }[],
  rounds: number,
): Uint8Array[] {
  const lanes = kernel.lanes.slice(0, jobs.length);
  try {
    jobs.forEach(({ password, salt }, i) => setUp(lanes[i]!, kernel.initialState, password, salt));
    kernel.run(lanes.length, rounds);
    return lanes.map(finished);
  } finally {
    lanes.forEach((lane) => lane.fill(0));
  }
}

/** bcrypt's EksBlowfishSetup up to its loop: the state is mixed with the key, and what replaces it with the salt. */
function setUp(lane: Int32Array, initialState: Int32Array, password: Uint8Array, salt: Uint8Array): void {
  lane.set(initialState);
  lane.set(words([...password.subarray(0, P_WORDS * 4), 0], P_WORDS), KEY_WORD);
  lane.set(words(salt, SALT_WORDS), SALT_WORD);
  lane.fill(0, TEXT_WORD, TEXT_WORD + 2);
  for (let i = 0; i < P_WORDS; i++) lane[i]! ^= lane[KEY_WORD + i]!;
  for (let at = 0; at < STATE_WORDS; at += 2) {
    lane[TEXT_WORD]! ^= lane[SALT_WORD + (at % SALT_WORDS)]!;
    lane[TEXT_WORD + 1]! ^= lane[SALT_WORD + ((at + 1) % SALT_WORDS)]!;
    encrypt(lane, TEXT_WORD);
    lane[at] = lane[TEXT_WORD]!;
    lane[at + 1] = lane[TEXT_WORD + 1]!;
  }
}

function finished(lane: Int32Array): Uint8Array {
  lane.set(TEXT, TEXT_WORD);
  for (let at = TEXT_WORD; at < TEXT_WORD + TEXT_WORDS; at += 2) {
    for (let i = 0; i < TEXT_ENCRYPTIONS; i++) encrypt(lane, at);
  }
  const bytes = new DataView(new ArrayBuffer(TEXT_WORDS * 4));
  for (let i = 0; i < TEXT_WORDS; i++) bytes.setInt32(i * 4, lane[TEXT_WORD + i]!);
  return new Uint8Array(bytes.buffer.slice(0, DIGEST_BYTES));
}

/** Packs bytes into big-endian words, starting again at the first byte after the last. */
function words(bytes: ArrayLike<number>, count: number): Int32Array {
  const byte = (i: number): number => bytes[i % bytes.length]!;
  return Int32Array.from({ length: count }, (_, i) => {
    const at = i * 4;
    return (byte(at) << 24) | (byte(at + 1) << 16) | (byte(at + 2) << 8) | byte(at + 3);
  });
}
