import { randomBytes, timingSafeEqual } from 'node:crypto';
import { formatHash, LANES, parseHash } from '@auth-service/bcrypt-lanes';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { EventLog } from '../../../platform/log/event-log.js';
import { Metrics } from '../../../platform/instruments/metrics.js';
import { HashingFailed, HashQueueFull } from '../../auth.errors.js';
import { HashBatches, type HashJob } from './hash-batches.service.js';
import { HashSpeed } from './hash-speed.value.js';
import { HashTimes } from './hash-times.service.js';
import { HashWorkers } from './hash-workers.service.js';
import { JobOwners } from './job-owners.service.js';

/** The longest expected wait for a worker, in milliseconds. A job that would wait longer is refused at once. */
const MAX_WAIT_MILLIS = 1_000;
/** The maximum length of the queue, whatever the expected wait; a job takes a few hundred bytes. */
const MAX_QUEUE = 512;
const SALT_BYTES = 16;

/**
 * Computes bcrypt off the main thread, up to three hashes at a time. The queue is limited by its expected waiting time, which is
 * measured continuously. When it is full, a caller with few waiting jobs takes the place of one with many.
 */
@Injectable()
export class HashPool implements OnApplicationShutdown {
  private readonly speed = new HashSpeed();
  private readonly workers: HashWorkers;
  private readonly batches: HashBatches;
  private readonly times: HashTimes;
  private readonly owners = new JobOwners();
  private taken = 0;

  constructor(
    private readonly events: EventLog,
    metrics: Metrics,
  ) {
    this.workers = new HashWorkers({ onIdleLoss: (error) => this.recordLoss(error) });
    this.batches = new HashBatches(this.workers.count, (jobs) => this.compute(jobs), LANES);
    this.times = new HashTimes(metrics, () => this.batches.waiting.length);
  }

  /** The number of jobs accepted since the start. */
  get jobs(): number {
    return this.taken;
  }

  /** @throws HashQueueFull if a job of the current request would be refused now */
  requireRoom(): void {
    if (this.isFull() && this.owners.placeAmong(this.batches.waiting) === null) this.refuse();
  }

  /** @throws HashQueueFull, HashingFailed */
  async hash(password: string, cost: number): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    const digest = await this.digest({ password, salt, cost, workCost: cost });
    return formatHash({ version: '2b', cost, salt, digest });
  }

  /**
   * @param leastCost the least cost whose work it takes, whatever the cost of the hash
   * @returns false, immediately, if it is not a bcrypt hash
   * @throws HashQueueFull, HashingFailed
   */
  async compare(password: string, hash: string, leastCost: number): Promise<boolean> {
    const stored = parseHash(hash);
    if (!stored) return false;
    const { cost, salt } = stored;
    const digest = await this.digest({ password, salt, cost, workCost: Math.max(cost, leastCost) });
    return timingSafeEqual(digest, stored.digest);
  }

  /**
   * The raw digest, 23 bytes.
   * @throws HashQueueFull, HashingFailed
   */
  async digest(job: HashJob): Promise<Uint8Array> {
    this.makeRoom();
    this.owners.note(job);
    this.taken += 1;
    return this.times.measure(job, () => this.batches.digest(job));
  }

  /** Waits for the queued jobs, which take about a second at most. */
  async onApplicationShutdown(): Promise<void> {
    await this.batches.settled();
    await this.workers.close();
  }

  private isFull(): boolean {
    const waiting = this.batches.waiting.map(({ workCost }) => workCost);
    const millis = this.speed.millisFor(waiting, this.batches.batchSize, this.workers.count);
    return waiting.length >= MAX_QUEUE || millis > MAX_WAIT_MILLIS;
  }

  /** @throws HashQueueFull */
  private makeRoom(): void {
    while (this.isFull()) {
      const place = this.owners.placeAmong(this.batches.waiting);
      if (place === null) this.refuse();
      else this.batches.dismiss(place, new HashQueueFull());
    }
  }

  private refuse(): never {
    this.times.refused();
    throw new HashQueueFull();
  }

  private async compute(jobs: readonly HashJob[]): Promise<readonly Uint8Array[]> {
    this.times.taken(jobs);
    const { digests, millis, trouble } = await this.workers.compute(jobs).catch((error: Error) => {
      this.recordLoss(error);
      throw new HashingFailed();
    });
    const size = trouble === null ? jobs.length : 1; // the fallback computes one hash after another
    this.speed.learn(size, jobs[0]!.workCost, (millis * size) / jobs.length);
    if (trouble !== null) this.fallBack(trouble);
    return digests;
  }

  /** Gives each worker one job at a time from now on: without lanes, the jobs of a batch would only wait for each other. */
  private fallBack(reason: string): void {
    if (this.batches.batchSize === 1) return;
    this.batches.batchSize = 1;
    this.events.warn('hash_lanes_unavailable', { reason });
  }

  private recordLoss({ name, message }: Error): void {
    this.events.warn('hash_worker_lost', { reason: `${name}: ${message}` });
  }
}
