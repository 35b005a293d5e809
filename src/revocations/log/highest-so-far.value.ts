/** For each of a row of numbers the highest up to it. As these never fall, where they reach a value is found by halving. */
export class HighestSoFar {
  private readonly highest: number[] = [];

  add(value: number): void {
    this.highest.push(Math.max(value, this.highest.at(-1) ?? -Infinity));
  }

  /** The rest keep their values, which may be those of what is gone. */
  dropFirst(count: number): void {
    this.highest.splice(0, count);
  }

  /** @returns the index of the first number that is `value` or more; how many there are, if none is */
  firstReaching(value: number): number {
    let low = 0;
    let high = this.highest.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.highest[middle] ?? Infinity) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
