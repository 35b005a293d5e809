/**
 * The measured time of a hash of cost 0; each step of cost doubles it. Only used until there are measurements of this machine.
 */
const COST_0_MILLIS = 0.05;
/** The time that each further hash of a batch adds, relative to the first: measured between 0.03 and 0.2. */
const FURTHER = 0.15;
/** The weight of the latest batch in the moving average. */
const WEIGHT = 0.2;

/** Estimates how fast this machine hashes, from finished batches. */
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
