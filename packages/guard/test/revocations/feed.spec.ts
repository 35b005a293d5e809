import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sessionDigest } from '../../src/core.js';
import { IssuerDocuments } from '../../src/keys/issuer-documents.js';
import { RevocationFeed } from '../../src/revocations/revocation-feed.js';
import { BEAT, closed, CURRENT, FeedServer, refusal } from '../support/feed-server.js';
import { json } from '../support/key-server.js';
import { ManualTimers } from '../support/manual-timers.js';
import { until } from '../support/until.js';

const run = promisify(execFile);
const SECOND = 1000;
const MINUTE = 60 * SECOND;

let server: FeedServer;
let timers: ManualTimers;
let feed: RevocationFeed;
let troubles: string[];

beforeEach(async () => {
  server = await new FeedServer().start();
  timers = new ManualTimers();
  troubles = [];
  feed = feedOf();
});
afterEach(async () => {
  await feed.close();
  await server.stop();
});

function feedOf(issuer = server.url, url = server.url): RevocationFeed {
  const source = new IssuerDocuments(issuer, url);
  const onTrouble = (error: unknown): void => void troubles.push((error as Error).message);
  return new RevocationFeed({ source, strictAfterSeconds: 15, onTrouble, timers });
}

const knows = (sessionId: string): boolean => feed.isRevoked({ sessionId });
const isAt = (status: string): Promise<void> => until(() => feed.state.status === status);
/** Until it waits for that long before it tries again, or at most. */
const waits = (millis: number): Promise<void> => until(() => timers.delays.includes(millis));

describe('a feed', () => {
  it('tells of all that were closed before, and of each as it is closed', async () => {
    server.stream = (_request, response) => server.begin(response, closed(1, 'old'), CURRENT);
    await feed.start();
    expect([knows('old'), knows('new'), feed.isComplete]).toEqual([true, false, true]);
    server.say(closed(2, 'new'));
    await until(() => knows('new'));
    expect(feed.state).toEqual({ status: 'following', silentSeconds: 0, revokedSessions: 2 });
  });

  it('is read right wherever its text is cut, with any end of line', async () => {
    const text = `retry: 700\r\n\r\nid: 7\r\ndata: ${sessionDigest('one')}\r\n\r\n:beat\n${closed(8, 'two')}${CURRENT}`;
    server.stream = (_request, response) => {
      server.begin(response);
      response.socket?.setNoDelay(true);
      for (const character of text) response.write(character);
    };
    await feed.start();
    await isAt('following');
    expect([knows('one'), knows('two')]).toEqual([true, true]);
    server.cut();
    await waits(350);
    timers.advance(350);
    await until(() => server.lastIds.length === 2);
    expect(server.lastIds).toEqual([undefined, '8']);
  });

  it('that breaks off goes on after the last entry, and what comes twice is known once', async () => {
    server.stream = (request, response) =>
      server.begin(
        response,
        closed(1, 'one'),
        ...(request.headers['last-event-id'] ? [closed(2, 'two')] : []),
        CURRENT,
      );
    await feed.start();
    server.cut();
    await isAt('away');
    timers.advance(SECOND);
    await until(() => knows('two'));
    expect(server.lastIds).toEqual([undefined, '1']);
    expect(feed.state.revokedSessions).toBe(2);
  });

  it('forgets a session 16 minutes after it was heard of', async () => {
    await feed.start();
    server.say(closed(1, 'one'));
    await until(() => knows('one'));
    for (let beats = 0; beats < 96; beats++) {
      expect(knows('one')).toBe(true);
      timers.advance(10 * SECOND);
      server.say(BEAT);
      await until(() => feed.state.silentSeconds === 0);
    }
    expect([knows('one'), feed.state.revokedSessions]).toEqual([false, 0]);
  });

  it('that is silent is cut and asked for anew, and does not count as complete meanwhile', async () => {
    await feed.start();
    timers.advance(12 * SECOND);
    expect(feed.state).toEqual({ status: 'following', silentSeconds: 12, revokedSessions: 0 });
    server.stream = (_request, response) => server.begin(response, closed(1, 'one'));
    timers.advance(SECOND);
    await isAt('away');
    timers.advance(SECOND);
    await until(() => knows('one'));
    expect(feed.isComplete).toBe(true);
    timers.advance(SECOND); // 15 since it was last said that nothing is missing
    expect(feed.isComplete).toBe(false);
    server.say(BEAT); // before all was told, it says nothing
    server.say(CURRENT);
    await until(() => feed.isComplete);
  });

  it('is heard on as long as heartbeats come', async () => {
    await feed.start();
    for (let i = 0; i < 20; i++) {
      timers.advance(10 * SECOND);
      server.say(BEAT);
      await until(() => feed.state.silentSeconds === 0);
    }
    expect(server.lastIds).toHaveLength(1);
  });

  it('is polled where a stream is refused, and followed again when one is to be had', async () => {
    const followed = server.stream;
    server.stream = refusal(429, { 'retry-after': '10' });
    server.list = json({ items: [{ id: 5, digest: sessionDigest('one') }], next: 5 });
    await feed.start();
    expect([feed.state.status, feed.isComplete, knows('one')]).toEqual(['polling', true, true]);
    for (let polls = 1; polls < 23; polls++) {
      await waits(2 * SECOND);
      timers.advance(2 * SECOND);
      await until(() => server.since.length === polls + 1);
    }
    await waits(2 * SECOND);
    expect(server.since.slice(0, 3)).toEqual(['0', '5', '5']);
    expect(server.lastIds).toHaveLength(1);
    server.stream = followed;
    timers.advance(2 * SECOND); // 45 and a bit since it was refused
    await isAt('following');
    expect(server.lastIds).toEqual([undefined, '5']);
  });

  it('is polled where a proxy holds a stream back', async () => {
    server.stream = (_request, response) => server.begin(response, 'retry: 1000\n\n', ':\n\n');
    const started = feed.start();
    await until(() => server.streams === 1);
    await waits(5 * SECOND);
    timers.advance(5 * SECOND);
    await started;
    await isAt('polling');
  });

  it('waits as long as it is asked to when it is refused a list, too, but not for ever', async () => {
    server.stream = refusal(503);
    for (const [asked, waited] of [
      ['20', 20 * SECOND],
      ['86400', 60 * SECOND],
    ] as const) {
      server.list = refusal(503, { 'retry-after': asked });
      if (asked === '20') await feed.start();
      await waits(waited);
      expect(feed.state.status).toBe('away');
      timers.advance(waited);
    }
  });

  it('of an issuer that has none is no trouble, and looked for again', async () => {
    server.keyServer.metadata = {};
    await feed.start();
    expect([feed.state, feed.isComplete]).toEqual([{ status: 'absent', revokedSessions: 0 }, false]);
    expect(troubles).toEqual([]);
    server.keyServer.metadata = { revocations_endpoint: `${server.url}/revocations` };
    timers.advance(45 * SECOND);
    await isAt('following');
  });

  it('is found where the issuer is reached, whatever its own address is', async () => {
    const issuer = 'https://auth.example.com';
    server.keyServer.metadata = { issuer, revocations_endpoint: `${issuer}/revocations` };
    feed = feedOf(issuer);
    await feed.start();
    expect(feed.state.status).toBe('following');
  });

  it('is not asked for more and more often while the issuer is away', async () => {
    let attempts = 0;
    const findRevocations = (): Promise<never> => {
      attempts += 1;
      timers.chance = (timers.chance * 7 + 0.013) % 1;
      return Promise.reject(new Error('away'));
    };
    feed = new RevocationFeed({ source: { findRevocations }, strictAfterSeconds: 15, timers });
    void feed.start();
    for (const end = timers.now() + 10 * MINUTE; timers.now() < end;) {
      await until(() => timers.delays.length > 0);
      timers.advance(timers.delays[0]!);
    }
    expect(attempts).toBeGreaterThan(60);
    expect(attempts).toBeLessThan(240);
  });

  it.each([
    ['0', 250],
    ['700', 350],
    ['3600000', 5 * SECOND],
    ['soon', 500],
  ])('that asks to come back after %s ms is obeyed within bounds', async (asked, waited) => {
    server.stream = (_request, response) => server.begin(response, `retry: ${asked}\n\n`, CURRENT);
    await feed.start();
    server.cut();
    await waits(waited);
  });

  it('that ends again and again is asked for less and less often, until it holds', async () => {
    await feed.start();
    for (const waited of [500, 1000, 2000, 4000, 5000, 5000]) {
      server.cut();
      await waits(waited);
      timers.advance(waited);
      await until(() => server.streams === 1 && feed.state.status === 'following');
    }
    timers.advance(10 * SECOND);
    server.say(BEAT);
    await until(() => feed.state.silentSeconds === 0);
    server.cut();
    await waits(500);
  });

  it('is trouble once, when it has been silent for so long that it matters', async () => {
    await feed.start();
    server.stream = (_request, response) => response.destroy();
    server.cut();
    await waits(500);
    expect(troubles).toEqual([]);
    timers.advance(20 * SECOND);
    await until(() => troubles.length === 1);
    for (let i = 0; i < 3; i++) {
      await until(() => timers.delays.length === 1);
      timers.advance(10 * SECOND);
    }
    expect(troubles).toHaveLength(1);
  });
});

describe('a feed that is none', () => {
  const head = { 'content-type': 'text/event-stream' };
  const odd: Record<string, () => void> = {
    'a head that never ends': () => {
      server.stream = (_request, response) => void response.socket?.write('HTTP/1.1 200 OK\r\nx: ');
    },
    'an answer that never begins': () => {
      server.stream = () => undefined;
    },
    'a stream of another type': () => {
      server.stream = (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>');
    },
    'another host that it leads to': () => {
      server.stream = refusal(302, { location: 'http://localhost:9/revocations' });
    },
    'nonsense with heartbeats': () => {
      server.stream = (_request, response) =>
        server.begin(response, 'data: x\n\n', 'id: x\ndata: !\n\n', `data: ${'A'.repeat(44)}\n\n`, BEAT);
    },
    'a stream that ends before all was told': () => {
      server.stream = (_request, response) => response.writeHead(200, head).end('retry: 1000\n\n');
    },
    '10 MB without an end of line': () => {
      server.stream = (_request, response) => response.writeHead(200, head).end('x'.repeat(10_000_000));
    },
  };

  it.each(Object.entries(odd))('is left for the list: %s', async (_, answer) => {
    answer();
    void feed.start();
    await until(() => server.lastIds.length === 1);
    await until(() => {
      if (timers.delays.includes(5 * SECOND)) timers.advance(5 * SECOND);
      return feed.state.status === 'polling';
    });
    expect(feed.state.revokedSessions).toBe(0);
  });

  const notLists: Record<string, () => void> = {
    'no JSON': () => {
      server.list = (_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('[');
    },
    'no list': () => {
      server.list = json({ items: 'none', next: 1 });
    },
    'no next': () => {
      server.list = json({ items: [], next: '1; drop' });
    },
    'a list that does not end': () => {
      server.list = (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const more = (): unknown => response.destroyed || response.write(' '.repeat(1_000_000), more);
        more();
      };
    },
    'another host that it leads to': () => {
      server.list = refusal(307, { location: 'http://localhost:9/revocations' });
    },
  };

  it.each(Object.entries(notLists))('is not believed as a list, either: %s', async (what, answer) => {
    server.stream = refusal(429);
    answer();
    void feed.start();
    await until(() => troubles.length === 1);
    expect([feed.state.status, feed.isComplete]).toEqual(['away', false]);
    if (what.endsWith('does not end')) expect(troubles).toEqual(['the feed is too long']);
  });

  it.each([
    ['another host', 'http://other.example.com/revocations'],
    ['another port', 'http://127.0.0.1:9/revocations'],
    ['no URL', 7],
  ])('is not looked for at %s', async (_, place) => {
    server.keyServer.metadata = { revocations_endpoint: place };
    await feed.start();
    expect(troubles).toEqual(['revocations_endpoint is not of the same origin as the issuer']);
    expect(server.lastIds).toEqual([]);
  });

  it('drops entries of a list that are no digests', async () => {
    server.stream = refusal(429);
    server.list = json({ items: [null, 7, { digest: 'x' }, { id: 1, digest: sessionDigest('one') }], next: 1 });
    await feed.start();
    expect([knows('one'), feed.state.revokedSessions]).toEqual([true, 1]);
  });
});

describe('the end of a feed', () => {
  it.each<[string, () => Promise<void>]>([
    ['while it is followed', async () => feed.start()],
    [
      'while nobody answers',
      async () => {
        server.stream = () => undefined;
        void feed.start();
        await until(() => server.lastIds.length === 1);
      },
    ],
    [
      'while the metadata is fetched',
      async () => {
        server.keyServer.answerMetadata(() => undefined);
        void feed.start();
        await until(() => server.keyServer.asked.length === 1);
      },
    ],
    [
      'between two attempts',
      async () => {
        await server.stop();
        await feed.start();
      },
    ],
    ['before it began', async () => undefined],
  ])('leaves nothing behind: %s', async (_, begin) => {
    await begin();
    await feed.close();
    await feed.start();
    await until(() => server.streams === 0);
    expect(timers.delays).toEqual([]);
    expect(feed.state.status).toBe('off');
  });

  it.each([
    ['following', (): void => undefined],
    ['polling', () => (server.stream = refusal(429))],
    ['away', () => (server.stream = (_request, response) => response.destroy())],
  ])('is not needed for a process to end that is %s', async (status, prepare) => {
    prepare();
    const program = fileURLToPath(new URL('../support/unclosed.ts', import.meta.url));
    const hooks = new URL('../../../../test/support/typescript/typescript.mjs', import.meta.url).href;
    const { stdout } = await run(process.execPath, ['--import', hooks, program, server.url], { timeout: 12_000 }); // sooner than a silent stream is cut
    expect(stdout).toBe(status);
  });

  it('keeps what is known', async () => {
    server.stream = (_request, response) => server.begin(response, closed(1, 'one'), CURRENT);
    await feed.start();
    await feed.close();
    expect(knows('one')).toBe(true);
  });
});
