export interface Job<Data> {
  readonly id: string;
  readonly data: Data;
  /** Starts at 1. */
  readonly attempt: number;
  /** When the job was enqueued; the same for every attempt. */
  readonly enqueuedAt: Date;
}

/** The handler exceeded its time limit. It may still be running. */
export class WorkTooLong extends Error {
  override readonly name = 'WorkTooLong';
}

/** The work can never succeed: it is not retried. */
export class RetryIsPointless extends Error {
  /** @param reason written to the log, so it must contain no address and no secret */
  constructor(readonly reason: string) {
    super(reason);
    this.name = 'RetryIsPointless';
  }
}

/** Describes an error without its message, which may quote the job's data. */
export function reasonOf(error: unknown): string {
  if (error instanceof RetryIsPointless) return error.reason;
  if (!(error instanceof Error)) return typeof error;
  const code = 'code' in error && typeof error.code === 'string' && /^\w{1,40}$/.test(error.code) ? error.code : '';
  return [error.name, code].filter(Boolean).join(' ');
}
