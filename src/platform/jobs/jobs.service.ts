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

/** The least time between two clean-ups by one replica, and how long work of a dead process waits beyond its time. */
const TIDY_MILLIS = 30_000;
/** What is under way when the service stops gets this long; else it stays taken until its time is up. */
const LAST_MILLIS = 1_500;

export interface JobOptions {
  /** Not before; at once if not given. */
  startAfter?: Date;
}

/** Work to be done after the request that asks for it, once the request's transaction is committed, and by whichever replica. */
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
   * Part of the transaction under way: without its commit there is no job.
   * @param data becomes JSON, sealed: the database never shows it. `at` and `…At` are dates again when it is opened
   * @returns the job's id, a UUIDv7
   */
  async enqueue(queue: QueueName, data: object, { startAfter }: JobOptions = {}): Promise<string> {
    const id = await this.store.insert(queue, data, startAfter);
    this.database.afterCommit(() => this.workers.get(queue)?.wake());
    return id;
  }

  /**
   * To be called while the modules begin. A handler that fails is called again with the same job, less and less often, for at
   * least a day, unless it throws RetryIsPointless. A job may come more than once: its id tells.
   */
  work<Data>(queue: QueueName, handler: (job: Job<Data>) => Promise<void>): void {
    if (this.workers.has(queue)) throw new Error(`the queue ${queue} has a handler already`);
    this.workers.set(queue, new QueueWorker(queue, handler as Handler, this.store, this.watched));
  }

  /** Jobs are for services that listen, not for a command that is about to end. */
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
    const tidy = (): Promise<void> => this.store.tidy().catch(() => undefined); // the next time will do
    this.timer = setInterval(() => void tidy(), TIDY_MILLIS).unref();
    this.running = [tidy(), ...[...this.workers.values()].map((worker) => worker.run())];
  }
}

async function inTime(work: Promise<unknown>): Promise<void> {
  await Promise.race([work, pause(LAST_MILLIS, undefined, { ref: false })]);
}
