import { availableParallelism } from 'node:os';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Piscina } from 'piscina';
import { Config } from '../../platform/config/config.js';
import { HashQueueFull } from '../auth.errors.js';

/** Nobody waits longer than about this for a worker: who would is told at once to come again. */
const MAX_WAIT_MILLIS = 1_000;
/** Bounds the queue whatever the waiting time says; a job is a few hundred bytes. */
const MAX_QUEUE = 512;
/** What a job of cost 0 would take, as measured; each step of cost doubles it. Only the first jobs are judged by it. */
const COST_0_MILLIS = 0.07;
/** Idle workers go after this, so that a quiet service gives its memory back. */
const IDLE_MILLIS = 60_000;

/**
 * Computes bcrypt off the main thread, on as many threads as there are cores: more would only make each other wait.
 * The queue is bounded by the time it takes, measured as it goes.
 */
@Injectable()
export class HashPool implements OnApplicationShutdown {
  private readonly threads = availableParallelism();
  private readonly pool = new Piscina({
    filename: new URL('./bcrypt.worker.mjs', import.meta.url).href,
    minThreads: 0,
    maxThreads: this.threads,
    maxQueue: MAX_QUEUE,
    idleTimeout: IDLE_MILLIS,
  });
  private jobMillis: number;
  private started = 0;

  constructor(config: Config) {
    this.jobMillis = COST_0_MILLIS * 2 ** config.bcryptCost;
  }

  /** How many jobs were ever taken. */
  get jobs(): number {
    return this.started;
  }

  /** @throws HashQueueFull */
  hash(password: string, cost: number): Promise<string> {
    return this.run({ password, cost });
  }

  /** @throws HashQueueFull */
  compare(password: string, hash: string): Promise<boolean> {
    return this.run({ password, hash });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.close();
  }

  private async run<Result>(job: object): Promise<Result> {
    const waiting = this.pool.queueSize;
    if (waiting >= MAX_QUEUE || (waiting * this.jobMillis) / this.threads > MAX_WAIT_MILLIS) throw new HashQueueFull();
    this.started += 1;
    const startedAt = performance.now();
    const result = (await this.pool.run(job)) as Result;
    this.learn((performance.now() - startedAt) / (1 + waiting / this.threads));
    return result;
  }

  /** A moving average: recent jobs count most, so that it follows a change of cost or of load. */
  private learn(millis: number): void {
    this.jobMillis = this.jobMillis * 0.8 + millis * 0.2;
  }
}
