/** Repeats work until it is stopped. Runs never overlap. */
export class RecurringWork {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | null = null;
  private asked = false;
  private readonly end = new AbortController();

  /** @param work checks the signal between its steps. Errors are ignored: the next run tries again */
  constructor(
    private readonly everyMillis: number,
    private readonly work: (signal: AbortSignal) => Promise<void>,
  ) {}

  start(): void {
    this.timer = setInterval(() => this.run(), this.everyMillis).unref();
  }

  /** Runs now. If a run is in progress, it may have started too early to see a change, so another one follows it. */
  ask(): void {
    this.asked = true;
    this.run();
  }

  /** Waits until the current run has finished its step. */
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
