import { randomUUID } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { RevocationLog } from '../../src/revocations/revocation-log.value.js';
import { RevokedSessions, sessionDigest } from '@auth-service/guard';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const COUNT = 100_000;

function usedMebibytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

describe('100,000 closed sessions', () => {
  const log = new RevocationLog();
  const revoked = new RevokedSessions();

  it('take less than 20 MB', () => {
    const before = usedMebibytes();
    for (let id = 1; id <= COUNT; id++) {
      // As it is read from the database: a text of its own, not part of a longer one.
      const digest = sessionDigest(randomUUID());
      log.add({ id, digest, closedMillis: id });
      revoked.add(digest, id);
      if (id % 5_000 === 0) log.tidy(id);
    }
    const taken = usedMebibytes() - before;
    expect(revoked.size).toBe(COUNT);
    expect(taken).toBeGreaterThan(1);
    expect(taken).toBeLessThan(20);
  });

  it('are let go when no token of theirs lives', () => {
    const later = COUNT + 960_000;
    log.tidy(later);
    revoked.forget(later);
    expect([revoked.size, log.read(0, 1).entries, log.positionAfter(null)]).toEqual([0, [], COUNT]);
  });
});
