import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sessionDigest } from '../src/core.js';
import { IssuerDocuments } from '../src/keys/issuer-documents.js';
import { RevocationFeed } from '../src/revocations/revocation-feed.js';
import { closed, CURRENT, FeedServer, refusal } from './support/feed-server.js';
import { ManualTimers } from './support/manual-timers.js';
import { until } from './support/until.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const COUNT = 100_000;
const last = randomUUID();
const ids = (): string[] => Array.from({ length: COUNT }, (_, i) => (i === COUNT - 1 ? last : randomUUID()));

/** What specs before have left behind goes in several turns: it must not go between two looks. */
async function usedMebibytes(): Promise<number> {
  for (let turn = 0; turn < 5; turn += 1) {
    collectGarbage();
    await setImmediate();
  }
  return process.memoryUsage().heapUsed / 2 ** 20;
}

describe('100,000 closed sessions', () => {
  const timers = new ManualTimers();
  let server: FeedServer;
  beforeAll(async () => {
    server = await new FeedServer().start();
  });
  afterAll(() => server.stop());

  it.each<[string, () => void]>([
    [
      'as a stream',
      () => {
        server.stream = (_request, response) => {
          server.begin(response);
          const sessions = ids();
          for (let i = 0; i < COUNT; i += 200)
            response.write(
              sessions
                .slice(i, i + 200)
                .map((id, n) => closed(i + n + 1, id))
                .join(''),
            );
          response.write(CURRENT);
        };
      },
    ],
    [
      'as a list',
      () => {
        server.stream = refusal(429);
        server.list = (_request, response) => {
          const items = ids().map((id, i) => ({ id: i + 1, digest: sessionDigest(id) }));
          response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ items, next: COUNT }));
        };
      },
    ],
  ])('%s take less than 20 MB, and are let go when no token of theirs lives', async (_, prepare) => {
    prepare();
    const feed = new RevocationFeed({ source: new IssuerDocuments(server.url, server.url), timers });
    await feed.start();
    expect([feed.state.revokedSessions, feed.isRevoked({ sessionId: last })]).toEqual([COUNT, true]);
    const full = await usedMebibytes();
    server.stream = (_request, response) => server.begin(response, CURRENT);
    await until(() => [2_000, 13_000].includes(timers.delays[0] ?? 0)); // the next poll, the end of its patience
    timers.advance(961_000);
    await until(() => {
      if (timers.delays.includes(500)) timers.advance(500); // it comes back to a stream that was cut
      return feed.state.revokedSessions === 0;
    });
    const taken = full - (await usedMebibytes());
    expect(taken).toBeGreaterThan(1);
    expect(taken).toBeLessThan(20);
    await feed.close();
  });
});
