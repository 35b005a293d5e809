import { Injectable } from '@nestjs/common';

/** Of those who wait, all together. Whoever comes then is refused at once. */
const MOST_WAITING = 256;

/** @param goesOn the one who waits, whose try is under way again: else nothing will come of waiting */
type Wake = (goesOn: boolean) => void;

interface Place {
  tries: number;
  givenBack: number;
  /** In the order in which they came. */
  line: Set<Wake>;
}

/** Tries that are being counted or looked at in this process, by their buckets, and who waits for what comes of them. */
@Injectable()
export class UnderWay {
  private readonly places = new Map<string, Place>();
  private waiting = 0;

  begin(keys: readonly Buffer[]): void {
    for (const key of keys.map(text)) {
      const place = this.places.get(key) ?? { tries: 0, givenBack: 0, line: new Set() };
      place.tries += 1;
      this.places.set(key, place);
    }
  }

  /** After the last one at a bucket nobody waits there any more. */
  end(keys: readonly Buffer[]): void {
    for (const key of keys.map(text)) {
      const place = this.places.get(key);
      if (!place || (place.tries -= 1) > 0) continue;
      this.places.delete(key);
      for (const wake of place.line) wake(false);
    }
  }

  has(key: Buffer): boolean {
    return this.places.has(text(key));
  }

  /** How many were given back since the first of those who are at it. */
  givenBack(key: Buffer): number {
    return this.places.get(text(key))?.givenBack ?? 0;
  }

  /** One was given back of this bucket: who has waited longest goes on in its place. */
  free(key: Buffer): void {
    const place = this.places.get(text(key));
    if (!place) return;
    place.givenBack += 1;
    const [next] = place.line;
    next?.(true);
  }

  /**
   * Waits until one is given back of the bucket that is shut, at most for so many milliseconds.
   * @param keys of the try that waits
   * @returns true: it is begun again; false: it is in vain
   */
  async wait(shut: Buffer, keys: readonly Buffer[], millis: number): Promise<boolean> {
    const place = this.places.get(text(shut));
    if (!place || this.waiting >= MOST_WAITING) return false;
    this.waiting += 1;
    return new Promise((resolve) => {
      const wake = (goesOn: boolean): void => {
        clearTimeout(timer);
        place.line.delete(wake);
        this.waiting -= 1;
        if (goesOn) this.begin(keys);
        resolve(goesOn);
      };
      const timer = setTimeout(() => wake(false), millis);
      place.line.add(wake);
    });
  }
}

function text(key: Buffer): string {
  return key.toString('base64');
}
