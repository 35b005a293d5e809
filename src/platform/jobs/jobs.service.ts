import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Subscription } from 'rxjs';
import { Database } from '../database/database.service.js';
import { EventLog } from '../log/event-log.js';
import { Metrics } from '../instruments/metrics.js';
import { TRACING, type Tracing } from '../instruments/tracing.js';
import { JobStore } from './job-store.js';
import { type Handler, QueueWorker, type Watched } from './queue-worker.js';
import { type QueueName, QUEUES } from './queues.js';
import type { Job } from './job.js';

/** How often each replica cleans up, which is how long a dead process's job may wait beyond its time limit. */
const TIDY_MILLIS = 30_000;
/** How long a shutdown waits for the jobs in progress. Unfinished ones are retried after their time limit. */
const LAST_MILLIS = 1_500;

export interface JobOptions {
  /** The earliest start; the default is now. */
  startAfter?: Date;
}

/** Background jobs. A job runs after the transaction that enqueued it is committed, on any replica. */
@Injectable()
export class Jobs implements OnModuleInit, OnModuleDestroy {
  private readonly workers = new Map<QueueName, QueueWorker>();
  private readonly watched: Watched;
  private running: Promise<unknown>[] = [];
  private timer: NodeJS.Timeout | undefined;
  private listening: Subscription | undefined;

  constructor(
    private readonly store: JobStore,
    private readonly database: Database,
    events: EventLog,
    private readonly host: HttpAdapterHost,
    metrics: Metrics,
    @Inject(TRACING) tracing: Tracing,
  ) {
    const outcomes = metrics.counter(
      'auth_jobs_total',
      'Attempts at queued jobs by outcome; failed: will be retried.',
      {
        queue: QUEUES,
        outcome: ['done', 'failed', 'given_up'],
      },
    );
    metrics.gauge('auth_jobs_waiting', 'Queued jobs that are not done.', () => store.countWaiting(), 'queue');
    this.watched = { events, outcomes, tracing };
  }

  /**
   * Enqueues a job within the current transaction.
   * @param data stored as encrypted JSON. Properties named `at` or ending in `At` are dates again when it is read
   * @returns the job's id, a UUIDv7
   */
  async enqueue(queue: QueueName, data: object, { startAfter }: JobOptions = {}): Promise<string> {
    const id = await this.store.insert(queue, data, startAfter);
    this.database.afterCommit(() => this.workers.get(queue)?.wake());
    return id;
  }

  /**
   * Registers the handler of a queue. Call it during module initialization. If the handler fails, the job is retried with
   * growing delays for at least a day, unless it throws RetryIsPointless. A job may be delivered more than once, with the same
   * id.
   */
  work<Data>(queue: QueueName, handler: (job: Job<Data>) => Promise<void>): void {
    if (this.workers.has(queue)) throw new Error(`the queue ${queue} has a handler already`);
    this.workers.set(queue, new QueueWorker(queue, handler as Handler, this.store, this.watched));
  }

  /** Starts the workers only if the service listens: a command ends soon. */
  onModuleInit(): void {
    this.listening = this.host.listen$.subscribe(() => this.start());
  }

  async onModuleDestroy(): Promise<void> {
    this.listening?.unsubscribe();
    clearInterval(this.timer);
    this.workers.forEach((worker) => worker.stop());
    await inTime(Promise.all(this.running));
    await inTime(this.store.close());
  }

  private start(): void {
    const tidy = (): Promise<void> => this.store.tidy().catch(() => undefined); // the next run tries again
    this.timer = setInterval(() => void tidy(), TIDY_MILLIS).unref();
    this.running = [tidy(), ...[...this.workers.values()].map((worker) => worker.run())];
  }
}

async function inTime(work: Promise<unknown>): Promise<void> {
  await Promise.race([work, pause(LAST_MILLIS, undefined, { ref: false })]);
}
