// What 100,000 closed sessions take in the service, in a process of its own: `node --expose-gc … log-memory.ts`. It prints how many
// sessions were known, and the mebibytes that they took.
import { randomUUID } from 'node:crypto';
import { RevokedSessions, sessionDigest } from '@auth-service/guard';
import { RevocationLog } from '../../../src/revocations/log/revocation-log.value.js';

const COUNT = 100_000;
const log = new RevocationLog();
const revoked = new RevokedSessions();

function usedMebibytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

const before = usedMebibytes();
for (let id = 1; id <= COUNT; id++) {
  // As it is read from the database: a text of its own, not part of a longer one.
  const digest = sessionDigest(randomUUID());
  log.add({ id, digest, closedMillis: id });
  revoked.add(digest, id);
  if (id % 5_000 === 0) log.tidy(id);
}
const mebibytes = usedMebibytes() - before;
process.stdout.write(JSON.stringify({ known: [log.newestId, revoked.size], mebibytes }));
