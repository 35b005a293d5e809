import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { RevokedSessions } from '@auth-service/guard';
import { RevocationLog } from '../../src/revocations/log/revocation-log.value.js';

const COUNT = 100_000;
const hooks = new URL('../support/typescript/typescript.mjs', import.meta.url).href;
const program = fileURLToPath(new URL('./support/log-memory.ts', import.meta.url));

describe('100,000 closed sessions', () => {
  // In a process of its own: what other specs have left behind goes when it likes.
  it('take less than 20 MB', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '--import', hooks, program]);
    const { known, mebibytes } = JSON.parse(stdout) as Record<string, unknown>;
    expect(known).toEqual([COUNT, COUNT]);
    expect(mebibytes).toBeGreaterThan(1);
    expect(mebibytes).toBeLessThan(20);
  });

  it('are let go when no token of theirs lives', () => {
    const log = new RevocationLog();
    const revoked = new RevokedSessions();
    for (let id = 1; id <= COUNT; id++) {
      const digest = String(id);
      log.add({ id, digest, closedMillis: id });
      revoked.add(digest, id);
      if (id % 5_000 === 0) log.tidy(id);
    }
    const later = COUNT + 960_000;
    log.tidy(later);
    revoked.forget(later);
    expect([revoked.size, log.read(0, 1).entries, log.positionAfter(null)]).toEqual([0, [], COUNT]);
  });
});
