import fc from 'fast-check';
import { dueWork, type KeyDates, signingKey, standbyKey } from '../../src/keys/rotation/key-rota.value.js';
import {
  CACHE_CONTROL,
  KEPT_AFTER_SECONDS,
  PUBLISHED_BEFORE_SECONDS,
} from '../../src/keys/rotation/key-times.value.js';
import { SETTINGS } from '../../src/platform/config/settings.js';

const SIGNS_SECONDS = 86_400;
const TOKEN_SECONDS = 900 + 30;

const at = (seconds: number): Date => new Date(seconds * 1000);
const secondsOf = (directive: string): number => Number(new RegExp(`${directive}=(\\d+)`).exec(CACHE_CONTROL)?.[1]);

/** What a key's dates were, and when it went. */
interface Life {
  published: number;
  signed: number | null;
  retired: number | null;
  removed: number | null;
}

/** Looks at the keys now and then, does what is due, and tells how each key lived. */
function live(gaps: number[]): Map<string, Life> {
  const lives = new Map<string, Life>();
  let keys: KeyDates[] = [];
  let now = 0;
  const make = (): void => {
    const kid = `key ${lives.size}`;
    keys.push({ kid, createdAt: at(now), activatedAt: null, retiredAt: null });
    lives.set(kid, { published: now, signed: null, retired: null, removed: null });
  };
  const takeOver = (): void => {
    const [before, next] = [signingKey(keys), standbyKey(keys)!];
    if (before) [before.retiredAt, lives.get(before.kid)!.retired] = [at(now), now];
    [next.activatedAt, lives.get(next.kid)!.signed] = [at(now), now];
    make();
  };
  make();
  takeOver();
  for (const gap of gaps) {
    now += gap;
    const { rotate, makeStandby, remove } = dueWork(keys, at(now), SIGNS_SECONDS);
    keys = keys.filter(({ kid }) => !remove.includes(kid));
    for (const kid of remove) lives.get(kid)!.removed = now;
    if (rotate) takeOver();
    else if (makeStandby) make();
    expect([signingKey(keys), standbyKey(keys)]).toEqual([expect.anything(), expect.anything()]);
  }
  return lives;
}

describe('The rota of the signing keys', () => {
  it('lets no key sign before every cache knows it, and none go before its last token is dead', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 2 * SIGNS_SECONDS }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(gaps, (chosen) => {
        for (const [kid, { published, signed, retired, removed }] of live(chosen)) {
          const isFirst = kid === 'key 0';
          if (signed !== null && !isFirst) expect(signed - published).toBeGreaterThanOrEqual(PUBLISHED_BEFORE_SECONDS);
          if (retired !== null) expect(retired - signed!).toBeGreaterThanOrEqual(SIGNS_SECONDS);
          if (removed !== null) expect(removed - retired!).toBeGreaterThanOrEqual(TOKEN_SECONDS);
        }
      }),
    );
  });

  it('lets each key sign for its time, looked at every minute, and go soon after', () => {
    const lives = [...live(Array<number>(6 * 1440).fill(60)).values()];
    expect(lives.filter(({ retired }) => retired !== null)).toHaveLength(6);
    for (const { signed, retired, removed } of lives.slice(0, 5)) {
      expect(retired! - signed!).toBe(SIGNS_SECONDS);
      expect(removed! - retired!).toBeLessThan(TOKEN_SECONDS + 120);
    }
  });

  it('goes by what the headers of the keys and the settings of tokens allow', () => {
    expect(PUBLISHED_BEFORE_SECONDS).toBeGreaterThan(secondsOf('max-age') + secondsOf('stale-while-revalidate'));
    const longest = KEPT_AFTER_SECONDS - 30;
    expect(SETTINGS.ACCESS_TOKEN_SECONDS.parse(String(longest))).toBeNull();
  });
});
