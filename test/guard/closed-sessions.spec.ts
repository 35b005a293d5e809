import { Controller, Get, Module, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AuthGuardModule, RevocationFeed, Strict } from '@auth-service/guard';
import { Follower } from '../revocations/support/follower.js';
import { type Gate, openGate } from '../support/database/gate.js';
import { Client } from '../support/http/client.js';
import { signedIn, type Tokens } from '../support/people/people.js';
import { type Replicas, startReplicas } from '../support/service/replicas.js';
import { millisOf, quickest } from '../support/time/quickest.js';
import { until } from '../support/time/until.js';

@Controller()
class NotesController {
  @Get('notes')
  notes(): object {
    return {};
  }

  @Get('money')
  @Strict()
  money(): object {
    return {};
  }
}

/** An app that others have written, which reaches one replica of the service through a gate. */
interface GuardedApp {
  gate: Gate;
  feed: RevocationFeed;
  ask: (tokens: Tokens, path?: string) => Promise<number>;
  stop: () => Promise<void>;
}

async function startApp(serviceUrl: string): Promise<GuardedApp> {
  const gate = await openGate(serviceUrl);
  const onRevocationTrouble = (): void => undefined;
  const guard = AuthGuardModule.forRoot({ issuer: 'http://localhost:3000', url: gate.url, onRevocationTrouble });

  @Module({ imports: [guard], controllers: [NotesController] })
  class NotesModule {}

  const app: INestApplication = await NestFactory.create(NotesModule, new FastifyAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  const client = new Client(await app.getUrl());
  const ask: GuardedApp['ask'] = async ({ accessToken }, path = '/notes') =>
    (await client.get(path, { bearer: accessToken })).status;
  const stop = async (): Promise<void> => {
    await app.close();
    await gate.stop();
  };
  return { gate, feed: app.get(RevocationFeed), ask, stop };
}

describe('An app with the guard', () => {
  let replicas: Replicas;
  let apps: GuardedApp[];
  beforeAll(async () => {
    replicas = await startReplicas({}, 3);
    apps = await Promise.all(replicas.services.map(({ url }) => startApp(url)));
  });
  afterAll(async () => {
    for (const { stop } of apps) await stop();
    await replicas.stop();
  });

  const logOut = ({ refreshToken }: Tokens): Promise<unknown> =>
    replicas.all[0]!.post('/auth/logout', { refreshToken });
  const isFollowing = ({ feed }: GuardedApp): Promise<unknown> => until(async () => feed.state.status === 'following');

  it('refuses a session that was closed on one of three replicas, at once, though it has accepted its token before', async () => {
    await Promise.all(apps.map(isFollowing));
    const attempt = async (): Promise<number> => {
      const [mine, other] = [await signedIn(replicas.all[0]!), await signedIn(replicas.all[0]!)];
      for (const app of apps)
        expect([await app.ask(mine), await app.ask(mine), await app.ask(other)]).toEqual([200, 200, 200]);
      await logOut(mine);
      const millis = await millisOf(async () => {
        for (const app of apps) await until(async () => (await app.ask(mine)) === 401);
      });
      for (const app of apps) expect(await app.ask(other)).toBe(200);
      return millis;
    };
    expect(await quickest(1_000, attempt)).toBeLessThan(1_000);
  });

  it('loses nothing that was closed while it was cut off, and is open meanwhile', async () => {
    const tokens = await signedIn(replicas.all[0]!);
    const app = apps[0]!;
    await isFollowing(app);
    expect(await app.ask(tokens)).toBe(200);
    app.gate.shut();
    await until(async () => app.feed.state.status === 'away');
    await logOut(tokens);
    await until(async () => app.gate.refused > 1);
    expect(await app.ask(tokens)).toBe(200);
    app.gate.open();
    await isFollowing(app);
    expect(await app.ask(tokens)).toBe(401);
  });

  it('notices that nothing comes any more, refuses meanwhile what is strict, and catches up', async () => {
    const tokens = await signedIn(replicas.all[0]!);
    const app = apps[1]!;
    await isFollowing(app);
    expect(await app.ask(tokens, '/money')).toBe(200);
    app.gate.freeze();
    await logOut(tokens);
    await until(async () => app.feed.state.status === 'away');
    await until(async () => (await app.ask(tokens, '/money')) === 503);
    expect(await app.ask(tokens)).toBe(200);
    app.gate.open();
    await isFollowing(app);
    expect([await app.ask(tokens), await app.ask(tokens, '/money')]).toEqual([401, 401]);
  });

  it('polls where it is refused a stream', async () => {
    const crowded = await startReplicas({ REVOCATION_STREAMS_PER_ADDRESS: '1' });
    const first = await Follower.open(crowded.services[0]!.url);
    const app = await startApp(crowded.services[0]!.url);
    try {
      await until(async () => app.feed.state.status === 'polling');
      const tokens = await signedIn(crowded.all[0]!);
      expect(await app.ask(tokens, '/money')).toBe(200);
      await crowded.all[0]!.post('/auth/logout', { refreshToken: tokens.refreshToken });
      await until(async () => (await app.ask(tokens)) === 401);
    } finally {
      first.leave();
      await app.stop();
      await crowded.stop();
    }
  });
});
