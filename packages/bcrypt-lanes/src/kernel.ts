import { KERNEL_BASE64 } from './kernel.wasm.js';
import { INITIAL_STATE_WORD, LANE_WORDS, LANES, STATE_WORDS } from './layout.js';

/** The exports of the generated WebAssembly module. */
interface KernelExports {
  memory: { buffer: ArrayBuffer };
  run1(rounds: number): void;
  run2(rounds: number): void;
  run3(rounds: number): void;
}

/** The used part of `WebAssembly`, which the types of Node do not declare. */
interface Assembly {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: KernelExports };
}

/** The memory of three lanes, and the expensive part of bcrypt over the first one, two or three of them. */
export class Kernel {
  /** One view per lane. See layout.ts for its content. */
  readonly lanes: readonly Int32Array[];
  /** The state to copy into a lane before a key is set up. */
  readonly initialState: Int32Array;
  private readonly exports: KernelExports;

  /** @throws Error if WebAssembly is not available, or if this machine is not little-endian */
  constructor() {
    const { WebAssembly } = globalThis as { WebAssembly?: Assembly };
    if (!WebAssembly) throw new Error('bcrypt-lanes needs WebAssembly, which this process does not have');
    if (new Uint8Array(Int32Array.of(1).buffer)[0] !== 1) throw new Error('bcrypt-lanes needs a little-endian machine');
    const module = new WebAssembly.Module(Buffer.from(KERNEL_BASE64, 'base64'));
    this.exports = new WebAssembly.Instance(module).exports;
    const memory = new Int32Array(this.exports.memory.buffer);
    this.initialState = memory.subarray(INITIAL_STATE_WORD, INITIAL_STATE_WORD + STATE_WORDS);
    this.lanes = Array.from({ length: LANES }, (_, lane) =>
      memory.subarray(lane * LANE_WORDS, (lane + 1) * LANE_WORDS),
    );
  }

  /**
   * Mixes the state with the key and the salt, `rounds` times, in each of the first lanes.
   * @param lanes 1 to 3
   */
  run(lanes: number, rounds: number): void {
    if (lanes === 1) this.exports.run1(rounds);
    else if (lanes === 2) this.exports.run2(rounds);
    else this.exports.run3(rounds);
  }
}
