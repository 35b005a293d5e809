/** What a hash of cost 0 would take, as measured; each step of cost doubles it. Only the first jobs are judged by it. */
const COST_0_MILLIS = 0.05;
/** What each further hash of a batch adds, in times of the first: measured between 0.03 and 0.2. */
const FURTHER = 0.15;
/** How much the last batch counts against all before it. */
const WEIGHT = 0.2;

/** How quickly this machine hashes, learnt from what was hashed. */
export class HashSpeed {
  private unitMillis = COST_0_MILLIS;

  /** A moving average: recent batches count most, so that it follows a change of load. */
  learn(size: number, cost: number, millis: number): void {
    const measured = millis / (batchUnits(size) * 2 ** cost);
    this.unitMillis = this.unitMillis * (1 - WEIGHT) + measured * WEIGHT;
  }

  /** How long `workers` need together for hashes of these costs, when each computes batches of `size`. */
  millisFor(costs: readonly number[], size: number, workers: number): number {
    const hashes = costs.reduce((sum, cost) => sum + 2 ** cost, 0);
    return (hashes * this.unitMillis * batchUnits(size)) / (size * workers);
  }
}

function batchUnits(size: number): number {
  return 1 + (size - 1) * FURTHER;
}
