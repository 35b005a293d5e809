import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { HashJob } from './hash-batches.service.js';

/** Idle workers end after this time, so that a quiet service frees their memory. */
const IDLE_MILLIS = 60_000;
/** Far more than the most expensive batch takes. A worker that does not answer for this long is considered lost. */
const LOST_AFTER_MILLIS = 30_000;

/**
 * Lowers the priority of hashing, so that requests go first. Linux applies it per thread; on other systems it may lower the
 * priority of the whole process, once more with each worker.
 */
const NICE = process.platform === 'linux' ? 5 : 0;

export interface BatchResult {
  digests: Uint8Array[];
  /** The duration of the computation. */
  millis: number;
  /** Why the lanes were not used; null if they were. */
  trouble: string | null;
}

export interface HashWorkersOptions {
  filename?: string;
  lostAfterMillis?: number;
  /** Called for a worker that was lost before it had any work, for example because no thread can be started. */
  onIdleLoss?: (error: Error) => void;
}

/** The threads that compute bcrypt: one per core, because more would only slow each other down. */
export class HashWorkers {
  readonly count = availableParallelism();
  private readonly pool: Piscina<{ jobs: readonly HashJob[]; cost: number; workCost: number }, BatchResult>;
  private readonly underWay = new Set<AbortController>();

  constructor(private readonly options: HashWorkersOptions = {}) {
    this.pool = new Piscina({
      filename: options.filename ?? new URL('./bcrypt.worker.mjs', import.meta.url).href,
      minThreads: 0,
      maxThreads: this.count,
      idleTimeout: IDLE_MILLIS,
      niceIncrement: NICE,
    });
    this.pool.on('error', (error: Error) => this.giveUp(error));
  }

  /**
   * @param jobs of the same costs
   * @throws Error if the worker was lost or does not answer
   */
  async compute(jobs: readonly HashJob[]): Promise<BatchResult> {
    const attempt = new AbortController();
    const late = setTimeout(() => attempt.abort(), this.options.lostAfterMillis ?? LOST_AFTER_MILLIS);
    this.underWay.add(attempt);
    try {
      const { cost, workCost } = jobs[0] ?? { cost: 0, workCost: 0 };
      return await this.pool.run({ jobs, cost, workCost }, { signal: attempt.signal });
    } finally {
      clearTimeout(late);
      this.underWay.delete(attempt);
    }
  }

  async close(): Promise<void> {
    await this.pool.close();
  }

  /** It is not known which batch was waiting for the lost worker, so all of them are computed again. */
  private giveUp(error: Error): void {
    this.options.onIdleLoss?.(error);
    for (const attempt of this.underWay) attempt.abort();
  }
}
