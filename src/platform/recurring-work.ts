/** Something done over and over until it is stopped; a run that is still under way is not doubled. */
export class RecurringWork {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | null = null;
  private asked = false;
  private readonly end = new AbortController();

  /** @param work looks at the signal between its steps. What a failure leaves behind, the next run finds */
  constructor(
    private readonly everyMillis: number,
    private readonly work: (signal: AbortSignal) => Promise<void>,
  ) {}

  start(): void {
    this.timer = setInterval(() => this.run(), this.everyMillis).unref();
  }

  /** Does it now: once more, if a run is under way that may have begun too early to see what has changed. */
  ask(): void {
    this.asked = true;
    this.run();
  }

  /** Lets the run under way come to the end of its step. */
  async stop(): Promise<void> {
    this.end.abort();
    clearInterval(this.timer);
    await this.running;
  }

  private run(): void {
    if (!this.end.signal.aborted) this.running ??= this.runWhileAsked();
  }

  private async runWhileAsked(): Promise<void> {
    do {
      this.asked = false;
      await this.work(this.end.signal).catch(() => undefined);
    } while (this.mustGoOn());
    this.running = null;
  }

  private mustGoOn(): boolean {
    return this.asked && !this.end.signal.aborted;
  }
}
