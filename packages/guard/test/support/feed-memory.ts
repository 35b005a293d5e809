// What 100,000 closed sessions take, in a process of its own: `node --expose-gc … feed-memory.ts stream|list`. It prints how many
// sessions were known, whether the last of them was, and the mebibytes that were free again once they were forgotten.
import { randomUUID } from 'node:crypto';
import { sessionDigest } from '../../src/core.js';
import { IssuerDocuments } from '../../src/keys/issuer-documents.js';
import { RevocationFeed } from '../../src/revocations/revocation-feed.js';
import { closed, CURRENT, FeedServer, refusal } from './feed-server.js';
import { ManualTimers } from './manual-timers.js';
import { until } from './until.js';

const COUNT = 100_000;
const AT_ONCE = 200;
const last = randomUUID();
const ids = (): string[] => Array.from({ length: COUNT }, (_, i) => (i === COUNT - 1 ? last : randomUUID()));

const timers = new ManualTimers();
const server = await new FeedServer().start();
if (process.argv[2] === 'list') giveAsList();
else giveAsStream();

const feed = new RevocationFeed({ source: new IssuerDocuments(server.url, server.url), timers });
await feed.start();
const known = feed.state.revokedSessions;
const isLastKnown = feed.isRevoked({ sessionId: last });
const full = usedMebibytes();
await forgetAll();
process.stdout.write(JSON.stringify({ known, isLastKnown, mebibytes: full - usedMebibytes() }));
await feed.close();
await server.stop();

function giveAsStream(): void {
  server.stream = (_request, response) => {
    server.begin(response);
    const sessions = ids();
    for (let i = 0; i < COUNT; i += AT_ONCE) {
      const some = sessions.slice(i, i + AT_ONCE).map((id, n) => closed(i + n + 1, id));
      response.write(some.join(''));
    }
    response.write(CURRENT);
  };
}

function giveAsList(): void {
  server.stream = refusal(429);
  server.list = (_request, response) => {
    const items = ids().map((id, i) => ({ id: i + 1, digest: sessionDigest(id) }));
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ items, next: COUNT }));
  };
}

async function forgetAll(): Promise<void> {
  server.stream = (_request, response) => server.begin(response, CURRENT);
  await until(() => [2_000, 13_000].includes(timers.delays[0] ?? 0)); // the next poll, the end of its patience
  timers.advance(961_000);
  await until(() => {
    if (timers.delays.includes(500)) timers.advance(500); // it comes back to a stream that was cut
    return feed.state.revokedSessions === 0;
  });
}

function usedMebibytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
}
