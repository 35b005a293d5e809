/** A password to be hashed. */
export interface HashJob {
  password: string;
  /** 16 bytes. */
  salt: Uint8Array;
  cost: number;
  /** The cost whose work it takes: `cost`, or a higher one so that the time does not show a lower `cost`. */
  workCost: number;
}

interface WaitingJob {
  job: HashJob;
  /** A worker took it and was lost. */
  failed: boolean;
  resolve: (digest: Uint8Array) => void;
  reject: (reason: unknown) => void;
}

/**
 * Distributes jobs to workers. A free worker gets several waiting jobs of the same costs at once, but no job waits for a batch
 * to fill. The oldest job decides the costs of the next batch, so none waits forever. If a worker is lost, its jobs are tried
 * once more.
 */
export class HashBatches {
  private queue: WaitingJob[] = [];
  private busyWorkers = 0;
  private readonly unanswered = new Set<Promise<unknown>>();

  /**
   * @param workers how many batches are computed at the same time
   * @param compute returns the digests of jobs of the same costs, in their order
   */
  constructor(
    private readonly workers: number,
    private readonly compute: (jobs: readonly HashJob[]) => Promise<readonly Uint8Array[]>,
    /** How many jobs a worker takes at most; may change at any time. */
    public batchSize: number,
  ) {}

  /** The jobs that no worker has taken yet, the oldest first. */
  get waiting(): readonly HashJob[] {
    return this.queue.map(({ job }) => job);
  }

  /** Gives up a job that no worker has taken yet. @param index its place in `waiting` @param reason what `digest` throws */
  dismiss(index: number, reason: Error): void {
    const [dismissed] = this.queue.splice(index, 1);
    dismissed?.reject(reason);
  }

  /** @throws what `compute` throws, after a second attempt; or the reason for which the job was dismissed */
  async digest(job: HashJob): Promise<Uint8Array> {
    const answer = new Promise<Uint8Array>((resolve, reject) => {
      this.queue.push({ job, failed: false, resolve, reject });
    });
    this.unanswered.add(answer);
    this.handOut();
    return answer.finally(() => this.unanswered.delete(answer));
  }

  /** Resolves once every job was answered. */
  async settled(): Promise<void> {
    while (this.unanswered.size > 0) await Promise.allSettled(this.unanswered);
  }

  private handOut(): void {
    while (this.busyWorkers < this.workers && this.queue.length > 0) void this.work(this.takeBatch());
  }

  private takeBatch(): WaitingJob[] {
    const first = this.queue[0]?.job;
    const batch = this.queue
      .filter(({ job }) => job.cost === first?.cost && job.workCost === first.workCost)
      .slice(0, this.batchSize);
    this.queue = this.queue.filter((waiting) => !batch.includes(waiting));
    return batch;
  }

  private async work(batch: readonly WaitingJob[]): Promise<void> {
    this.busyWorkers += 1;
    try {
      const digests = await this.compute(batch.map(({ job }) => job));
      batch.forEach(({ resolve }, i) => resolve(digests[i]!));
    } catch (error) {
      batch.filter(({ failed }) => failed).forEach(({ reject }) => reject(error));
      this.queue.unshift(...batch.filter(({ failed }) => !failed).map((waiting) => ({ ...waiting, failed: true })));
    }
    this.busyWorkers -= 1;
    this.handOut();
  }
}
