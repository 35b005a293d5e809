import { setTimeout as pause } from 'node:timers/promises';
import type { EventLog } from '../log/event-log.js';
import { inSpan, type Span, type Tracing } from '../instruments/tracing.js';
import type { Counter } from '../instruments/series.js';
import { type Job, reasonOf, RetryIsPointless, WorkTooLong } from './job.js';
import { type JobStore, type StoredJob, WORK_SECONDS } from './job-store.js';
import type { QueueName } from './queues.js';

/** How long it takes to find a job of another replica, or a delayed one. A job of this replica wakes the worker at once. */
const POLL_MILLIS = 1_000;
/** Concurrent jobs of one queue per replica. */
const AT_ONCE = 4;
/** A hanging handler frees its slot before its job is given to another process. */
const LIMIT_MILLIS = (WORK_SECONDS - 10) * 1_000;

export type JobOutcome = 'done' | 'failed' | 'given_up';

/** Where a worker reports to. */
export interface Watched {
  readonly events: EventLog;
  readonly outcomes: Counter<'queue' | 'outcome'>;
  readonly tracing: Tracing;
}

export type Handler = (job: Job<unknown>) => Promise<void>;

/** Runs the jobs of one queue, each at least once. */
export class QueueWorker {
  private readonly stopping = new AbortController();
  private readonly underWay = new Set<Promise<void>>();
  private awake = false;
  private wakeUp: () => void = () => undefined;

  constructor(
    private readonly queue: QueueName,
    private readonly handler: Handler,
    private readonly store: JobStore,
    private readonly watched: Watched,
    private readonly limitMillis = LIMIT_MILLIS,
  ) {}

  /** Resolves after `stop`, when all jobs in progress have ended. */
  async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      this.awake = false;
      const free = AT_ONCE - this.underWay.size;
      const jobs = free > 0 ? await this.store.take(this.queue, free) : [];
      jobs.forEach((job) => this.begin(job));
      if (jobs.length === 0) await this.rest();
    }
    await Promise.all(this.underWay);
  }

  /** Looks for jobs without waiting for the next poll. */
  wake(): void {
    this.awake = true;
    this.wakeUp();
  }

  stop(): void {
    this.stopping.abort();
    this.wake();
  }

  private async rest(): Promise<void> {
    if (this.awake) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, POLL_MILLIS).unref();
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private begin(job: StoredJob): void {
    const work = this.carryOut(job).finally(() => {
      this.underWay.delete(work);
      this.wake();
    });
    this.underWay.add(work);
  }

  private async carryOut(job: StoredJob): Promise<void> {
    const attempt = job.retryCount + 1;
    const span = this.watched.tracing.work(`job ${this.queue}`, { 'job.id': job.id, 'job.attempt': attempt });
    const work = (): Promise<void> =>
      this.handler({ id: job.id, data: this.store.open(job), attempt, enqueuedAt: job.createdOn });
    try {
      await this.inTime(inSpan(span, async () => work()));
    } catch (error) {
      return this.failed(job, error, attempt, span);
    }
    this.ended('done', span);
    await this.settle(() => this.store.remove(job));
  }

  private async failed(job: StoredJob, error: unknown, attempt: number, span: Span | null): Promise<void> {
    const reason = reasonOf(error);
    const last = error instanceof RetryIsPointless || job.retryCount >= job.retryLimit;
    const fields = { queue: this.queue, jobId: job.id, attempt, reason };
    this.watched.events.warn(last ? 'job_given_up' : 'job_failed', fields);
    span?.fail(reason);
    this.ended(last ? 'given_up' : 'failed', span);
    await this.settle(() => (last ? this.store.giveUp(job) : this.store.retry(job, reason)));
  }

  private ended(outcome: JobOutcome, span: Span | null): void {
    this.watched.outcomes.add({ queue: this.queue, outcome });
    span?.end();
  }

  /** @throws WorkTooLong */
  private inTime(work: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new WorkTooLong()), this.limitMillis).unref();
      work.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }

  /** Retries until the result is stored, so that finished work is not repeated because the database was briefly unreachable. */
  private async settle(act: () => Promise<void>): Promise<void> {
    const { signal } = this.stopping;
    for (;;) {
      const settled = await act().then(
        () => true,
        () => false,
      );
      if (settled || signal.aborted) return;
      await pause(POLL_MILLIS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
