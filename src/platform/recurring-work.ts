/** Something done over and over until it is stopped; a run that is still under way is not doubled. */
export class RecurringWork {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | null = null;
  private readonly end = new AbortController();

  /** @param work looks at the signal between its steps. What a failure leaves behind, the next run finds */
  constructor(
    private readonly everyMillis: number,
    private readonly work: (signal: AbortSignal) => Promise<void>,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.run(), this.everyMillis).unref();
  }

  /** Lets the run under way come to the end of its step. */
  async stop(): Promise<void> {
    this.end.abort();
    clearInterval(this.timer);
    await this.running;
  }

  private run(): Promise<void> {
    return (this.running ??= this.work(this.end.signal)
      .catch(() => undefined)
      .finally(() => (this.running = null)));
  }
}
