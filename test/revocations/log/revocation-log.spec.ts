import { type Entry, RevocationLog } from '../../../src/revocations/log/revocation-log.value.js';
import { seededRandom } from '../../timing/statistics.js';

const COUNT = 100_000;
const OVERLAP_MILLIS = 15_000;
const LIFE_MILLIS = 960_000;

/** Where a reader goes on, found by looking at every entry. */
function positionByLooking(entries: readonly Entry[], first: number, id: number | null): number {
  const known = entries.find((entry) => entry.id === id);
  if (!known) return first;
  return first + entries.findIndex(({ closedMillis }) => closedMillis > known.closedMillis - OVERLAP_MILLIS);
}

describe('The place in the log where a reader goes on', () => {
  it('is found without looking at all entries, whether its last entry is known or not', () => {
    const log = new RevocationLog();
    let looks = 0;
    for (let id = 1; id <= COUNT; id++) {
      const entry = { digest: '', id: 0, closedMillis: 0 };
      Object.defineProperty(entry, 'id', { get: () => ((looks += 1), id) });
      Object.defineProperty(entry, 'closedMillis', { get: () => ((looks += 1), id) });
      log.add(entry);
    }
    looks = 0;
    const places = [1, 50_000, COUNT, COUNT + 1, 0, null].map((id) => log.positionAfter(id));
    expect(places).toEqual([0, 35_000, 85_000, 0, 0, 0]);
    expect(looks).toBeLessThan(100);
  });

  it('is the same as one finds by looking at every entry, also among late ones and once the oldest are gone', () => {
    const random = seededRandom(20_261_123);
    const log = new RevocationLog();
    let living: Entry[] = [];
    let first = 0;
    const waiting: Entry[] = [];
    for (let id = 1; id <= 3_000; id++) {
      // About one in three is met later than entries with higher ids, and times are up to 2 s out of order.
      const entry = { id: 2 * id, digest: String(id), closedMillis: id * 1_000 + Math.floor(random() * 2_000) };
      const met = random() < 0.3 ? [] : [entry];
      if (met.length === 0) waiting.push(entry);
      if (random() < 0.2) met.push(...waiting.splice(0));
      living.push(...met);
      met.forEach((one) => log.add(one));
      if (id % 50 > 0) continue;
      const nowMillis = id * 1_000 + 2_000;
      log.tidy(nowMillis);
      const alive = living.findIndex(({ closedMillis }) => closedMillis > nowMillis - LIFE_MILLIS);
      living = living.slice(alive);
      first += alive;
      const asked = [null, 0, 1, 2 * id + 2, ...Array.from({ length: 40 }, () => Math.floor(random() * 2 * id))];
      const found = asked.map((one) => [one, log.positionAfter(one)]);
      expect(found).toEqual(asked.map((one) => [one, positionByLooking(living, first, one)]));
    }
    expect([first > 1_000, living.length > 500]).toEqual([true, true]);
  });
});
