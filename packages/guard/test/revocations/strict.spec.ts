import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import {
  AuthGuardModule,
  type AuthGuardOptions,
  createVerifier,
  Public,
  RevocationFeed,
  RevocationsUnknown,
  Strict,
} from '../../src/index.js';
import { type Answer, closeApps, get, type Platform, platformNames, type RunningApp, serve } from '../support/apps.js';
import { closed, FeedServer } from '../support/feed-server.js';
import { claims, newKey, sourceOf, token } from '../support/tokens.js';
import { until } from '../support/until.js';

@Controller()
class MoneyController {
  @Get('balance')
  balance(): object {
    return {};
  }

  @Get('transfer')
  @Strict()
  transfer(): object {
    return {};
  }

  @Get('open')
  @Public()
  open(): object {
    return {};
  }
}

@Controller('vault')
@Strict()
@Public()
class VaultController {
  @Get()
  look(): object {
    return {};
  }
}

const key = newKey();
let server: FeedServer;
beforeEach(async () => {
  server = await new FeedServer().start();
  server.keyServer.publish(key);
});
afterEach(async () => {
  await closeApps();
  await server.stop();
});

function serveMoney(options: Partial<AuthGuardOptions> = {}, platform?: Platform): Promise<RunningApp> {
  const guard = AuthGuardModule.forRoot({ issuer: server.url, onRevocationTrouble: () => undefined, ...options });

  @Module({ imports: [guard], controllers: [MoneyController, VaultController] })
  class MoneyModule {}

  return serve(MoneyModule, platform);
}

function tokenOf(sid = 's1'): string {
  const seconds = Math.floor(Date.now() / 1000);
  const times = { iat: seconds, exp: seconds + 600 };
  return token(key, { payload: claims({ iss: server.url, aud: server.url, sid, ...times }) });
}

const ask = (url: string, path: string, sid?: string): Promise<Answer> =>
  get(`${url}/${path}`, `Bearer ${tokenOf(sid)}`);
const statuses = async (url: string, ...paths: string[]): Promise<number[]> =>
  Promise.all(paths.map(async (path) => (await ask(url, path)).status));
const away = (): void => {
  server.stream = (_request, response) => response.destroy();
};

describe.each(platformNames)('a route that is @Strict(), on %s', (platform) => {
  it('is refused while it is not known which sessions were closed; others are not', async () => {
    away();
    const { url } = await serveMoney({}, platform);
    expect(await statuses(url, 'balance', 'transfer', 'vault', 'open')).toEqual([200, 503, 503, 200]);
    const { headers, body } = await ask(url, 'transfer');
    expect(body).toMatchObject({ status: 503, code: 'revocations_unknown', title: 'Service Unavailable' });
    expect([headers.get('retry-after'), headers.get('content-type')]).toEqual([
      '5',
      expect.stringMatching(/^application\/problem\+json/),
    ]);
    expect((await get(`${url}/transfer`)).status).toBe(401);
  });

  it('is open again as soon as it is known', async () => {
    const follow = server.stream;
    away();
    const { app, url } = await serveMoney({}, platform);
    expect(await statuses(url, 'transfer')).toEqual([503]);
    server.stream = follow;
    await until(() => app.get(RevocationFeed).state.status === 'following');
    expect(await statuses(url, 'balance', 'transfer', 'vault')).toEqual([200, 200, 200]);
  });
});

describe('a session that was closed', () => {
  it('is refused from the first request on, whether its token was accepted before or not', async () => {
    server.stream = (_request, response) => server.begin(response, closed(1, 's1'), 'event: current\n\n');
    const { url } = await serveMoney();
    const { status, body, headers } = await ask(url, 'balance', 's1');
    expect([status, body.code]).toEqual([401, 'invalid_token']);
    expect(headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
    const known = `Bearer ${tokenOf('s2')}`;
    expect((await get(`${url}/balance`, known)).status).toBe(200);
    server.say(closed(2, 's2'));
    while ((await get(`${url}/balance`, known)).status === 200);
    expect((await ask(url, 'balance', 's3')).status).toBe(200);
  });

  it('is that of one issuer, and no other', async () => {
    const other = await new FeedServer().start();
    other.keyServer.publish(key);
    const [mine, theirs] = [await serveMoney(), await serveMoney({ issuer: other.url, audience: server.url })];
    await Promise.all([mine, theirs].map(({ app }) => app.get(RevocationFeed).start()));
    other.say(closed(1, 's1'));
    await until(() => theirs.app.get(RevocationFeed).state.revokedSessions === 1);
    expect((await ask(mine.url, 'balance', 's1')).status).toBe(200);
    await theirs.app.close();
    await other.stop();
  });
});

describe('the options', () => {
  it('strict: true makes every route strict', async () => {
    away();
    const { url } = await serveMoney({ strict: true });
    expect(await statuses(url, 'balance', 'transfer', 'open')).toEqual([503, 503, 200]);
  });

  it.each<[string, Partial<AuthGuardOptions>, number]>([
    ['revocations: false', { revocations: false }, 503],
    ['keys', { keys: sourceOf(key) }, 503],
    ['isRevoked', { isRevoked: () => false }, 200],
    ['isRevoked and strict', { isRevoked: () => false, strict: true }, 200],
  ])('%s: the issuer is not listened to; who is strict counts on nothing but isRevoked', async (_, options, strict) => {
    const { app, url } = await serveMoney(options);
    expect(await statuses(url, 'balance', 'transfer')).toEqual([200, strict]);
    expect(app.get(RevocationFeed).state).toEqual({ status: 'off', revokedSessions: 0 });
    expect(server.lastIds).toEqual([]);
  });

  it('revocations: true listens besides what isRevoked says', async () => {
    const isRevoked = ({ sessionId }: { sessionId: string }): boolean => sessionId === 's1';
    const { app, url } = await serveMoney({ revocations: true, isRevoked, keys: sourceOf(key) });
    await app.get(RevocationFeed).start();
    server.say(closed(1, 's2'));
    await until(() => app.get(RevocationFeed).state.revokedSessions === 1);
    const answers = ['s1', 's2', 's3'].map(async (sid) => (await ask(url, 'balance', sid)).status);
    expect(await Promise.all(answers)).toEqual([401, 401, 200]);
  });

  it.each([
    ['revocations', { revocations: 'yes' }],
    ['strict', { strict: 1 }],
    ['strict', { strict: true, revocations: false }],
    ['strictAfterSeconds', { strictAfterSeconds: 10 }],
    ['strictAfterSeconds', { strictAfterSeconds: '20' }],
    ['strictAfterSeconds', { strictAfterSeconds: Infinity }],
    ['onRevocationTrouble', { onRevocationTrouble: 'log' }],
    ['issuer', { issuer: 'http://auth.example.com', keys: sourceOf(key), revocations: true }],
  ])('that cannot be used keep the app from starting, and %s is named', async (name, options) => {
    const start = serveMoney(options as unknown as AuthGuardOptions);
    await expect(start).rejects.toThrow(`the option "${name}" must be`);
  });
});

describe('an app that ends', () => {
  it('ends its stream', async () => {
    const { app } = await serveMoney();
    await app.get(RevocationFeed).start();
    expect(server.streams).toBe(1);
    await app.close();
    await until(() => server.streams === 0);
    expect(app.get(RevocationFeed).state.status).toBe('off');
  });
});

describe('without Nest', () => {
  it('a verifier listens from its first token on, and until it is closed', async () => {
    server.stream = (_request, response) => server.begin(response, closed(1, 's1'), 'event: current\n\n');
    const verifier = createVerifier({ issuer: server.url });
    expect(server.keyServer.asked).toEqual([]);
    await expect(verifier.verifyAccessToken(tokenOf('s1'))).rejects.toMatchObject({ reason: 'it is revoked' });
    expect(verifier.revocations.state).toMatchObject({ status: 'following', revokedSessions: 1 });
    await verifier.close();
    await until(() => server.streams === 0);
    expect(verifier.revocations.state.status).toBe('off');
  });

  it('a strict verifier refuses with the answer to give', async () => {
    away();
    const verifier = createVerifier({ issuer: server.url, strict: true });
    const refused: unknown = await verifier.verifyAccessToken(tokenOf()).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RevocationsUnknown);
    await verifier.close();
  });
});
