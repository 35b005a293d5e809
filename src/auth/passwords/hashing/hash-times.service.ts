import type { Metrics } from '../../../platform/instruments/metrics.js';
import type { Counter, Histogram } from '../../../platform/instruments/series.js';
import { currentSpan } from '../../../platform/instruments/tracing.js';
import { HashQueueFull } from '../../auth.errors.js';
import type { HashJob } from './hash-batches.service.js';

type Outcome = 'done' | 'refused' | 'failed';

/** Measures how long passwords wait for a worker and how long hashing takes, for metrics and traces. */
export class HashTimes {
  private readonly waits: Histogram<never>;
  private readonly works: Histogram<never>;
  private readonly outcomes: Counter<'outcome'>;
  private readonly begun = new WeakMap<HashJob, number>();

  /** @param waiting returns the number of waiting jobs */
  constructor(metrics: Metrics, waiting: () => number) {
    metrics.gauge('auth_hash_queue_length', 'Passwords waiting for a worker.', waiting);
    this.waits = metrics.histogram(
      'auth_hash_wait_seconds',
      'Time that a password waits for a worker, in seconds.',
      {},
    );
    this.works = metrics.histogram('auth_hash_work_seconds', 'Time to hash a password, in seconds.', {});
    this.outcomes = metrics.counter('auth_hashes_total', 'Passwords to hash by outcome; refused: the queue was full.', {
      outcome: ['done', 'refused', 'failed'],
    });
  }

  refused(): void {
    this.count('refused');
  }

  /** A worker has taken these jobs, possibly for the second time. */
  taken(jobs: readonly HashJob[]): void {
    for (const job of jobs) this.begun.set(job, Date.now());
  }

  /** @param work ends when the job is done, has failed for good, or has given way to another (HashQueueFull) */
  async measure<T>(job: HashJob, work: () => Promise<T>): Promise<T> {
    const asked = Date.now();
    try {
      const result = await work();
      this.end('done', asked, job);
      return result;
    } catch (error) {
      if (error instanceof HashQueueFull) this.refused();
      else this.end('failed', asked, job);
      throw error;
    }
  }

  private end(outcome: Outcome, asked: number, job: HashJob): void {
    this.count(outcome);
    this.tell(asked, this.begun.get(job) ?? asked, Date.now());
  }

  private tell(asked: number, begun: number, ended: number): void {
    this.waits.observe({}, (begun - asked) / 1000);
    this.works.observe({}, (ended - begun) / 1000);
    const span = currentSpan();
    span?.child('hash wait', {}, asked).end(begun);
    span?.child('hash work', {}, begun).end(ended);
  }

  private count(outcome: Outcome): void {
    this.outcomes.add({ outcome });
  }
}
