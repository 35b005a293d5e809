/** A piece of work that was taken from its queue. */
export interface Job<Data> {
  readonly id: string;
  readonly data: Data;
  /** 1 for the first time. */
  readonly attempt: number;
  /** When it was asked for; the same each time. */
  readonly enqueuedAt: Date;
}

/** The work took longer than a job may, and may still go on. */
export class WorkTooLong extends Error {
  override readonly name = 'WorkTooLong';
}

/** Work that fails now and will fail for ever: it is not tried again. */
export class RetryIsPointless extends Error {
  /** @param reason what the log may say: no address, no secret */
  constructor(readonly reason: string) {
    super(reason);
    this.name = 'RetryIsPointless';
  }
}

/** Names a failure without its message, which may quote what the job is about. */
export function reasonOf(error: unknown): string {
  if (error instanceof RetryIsPointless) return error.reason;
  if (!(error instanceof Error)) return typeof error;
  const code = 'code' in error && typeof error.code === 'string' && /^\w{1,40}$/.test(error.code) ? error.code : '';
  return [error.name, code].filter(Boolean).join(' ');
}
