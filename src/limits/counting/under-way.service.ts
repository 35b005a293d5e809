import { Injectable } from '@nestjs/common';

/** Most tries that may wait at the same time. Further ones are refused at once. */
const MOST_WAITING = 256;

/** @param goesOn true: the waiting try is under way again. False: waiting is over and in vain */
type Wake = (goesOn: boolean) => void;

interface Place {
  tries: number;
  givenBack: number;
  /** In the order in which they came. */
  line: Set<Wake>;
}

/** The tries that this process is counting or verifying, by bucket, and the tries that wait for their results. */
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

  /** When the last try at a bucket ends, nobody can go on there any more, so all who wait are woken in vain. */
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

  /** How many tries were given back since the bucket last had none under way. */
  givenBack(key: Buffer): number {
    return this.places.get(text(key))?.givenBack ?? 0;
  }

  /** A try was given back to this bucket: the one that has waited longest goes on instead. */
  free(key: Buffer): void {
    const place = this.places.get(text(key));
    if (!place) return;
    place.givenBack += 1;
    const [next] = place.line;
    next?.(true);
  }

  /**
   * Waits until a try is given back to the shut bucket, for at most `millis` milliseconds.
   * @param keys the buckets of the waiting try
   * @returns true: the try is under way again; false: it waited in vain
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
