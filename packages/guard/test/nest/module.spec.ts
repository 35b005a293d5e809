import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Get, Injectable, Logger, Module, Scope, UseGuards } from '@nestjs/common';
import { PassportModule, PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import passport from 'passport';
import {
  AccessTokenVerifier,
  AuthGuardModule,
  type AuthGuardOptions,
  JwtAuthGuard,
  type KeySource,
} from '../../src/index.js';
import { closeApps, get, NotesController, serve, serveGuarded } from '../support/apps.js';
import { claims, ISSUER, newKey, NOW_SECONDS, sourceOf, token, tokenWithClaims } from '../support/tokens.js';

const clock = (): number => NOW_SECONDS * 1000;
const key = newKey();

afterEach(closeApps);

describe('two apps in one process', () => {
  it('never see the keys of each other, even under one kid', async () => {
    const [mine, theirs] = [newKey('same'), newKey('same')];
    const first = await serveGuarded({ keys: sourceOf(mine) });
    const second = await serveGuarded({ keys: sourceOf(theirs) }, 'Express');
    const third = await serveGuarded({ keys: sourceOf(theirs), issuer: 'https://third.example.com' });
    const statuses = async (sent: string): Promise<number[]> =>
      Promise.all([first, second, third].map(async ({ url }) => (await get(`${url}/me`, `Bearer ${sent}`)).status));
    const third_ = { iss: 'https://third.example.com', aud: 'https://third.example.com' };
    expect(await statuses(token(mine))).toEqual([200, 401, 401]);
    expect(await statuses(token(theirs))).toEqual([401, 200, 401]);
    expect(await statuses(tokenWithClaims(theirs, third_))).toEqual([401, 401, 200]);
  });

  it('leave nothing in the registry of Passport, which belongs to the whole process', async () => {
    await serveGuarded({ keys: sourceOf(key) });
    expect(registered()).toEqual(['session']);
  });

  it('are not guarded by a strategy that another part of the process calls jwt', async () => {
    const app = await serveGuarded({ keys: sourceOf(key) });
    passport.use(
      'jwt',
      new (class extends Strategy {
        override authenticate(): void {
          (this as unknown as { success(user: object): void }).success({ role: 'admin' });
        }
      })({ secretOrKey: 'x', jwtFromRequest: () => 'x' }, () => undefined),
    );
    expect((await get(`${app.url}/me`)).status).toBe(401);
    passport.unuse('jwt');
  });
});

describe('requests at the same time', () => {
  it('are each answered as their own user, in whatever order the keys arrive', async () => {
    const waiting: (() => void)[] = [];
    const keys: KeySource = {
      find: (kid) => new Promise((resolve) => waiting.push(() => resolve(kid === key.kid ? key.publicKey : undefined))),
    };
    const { url } = await serveGuarded({ keys });
    const users = ['ada', 'bob', 'cyd'];
    const answers: Promise<unknown>[] = [];
    for (const [i, user] of users.entries()) {
      const sent = tokenWithClaims(key, { sub: user, user_id: user });
      answers.push(get(`${url}/me`, `Bearer ${sent}`).then((answer) => answer.body.userId));
      await until(() => waiting.length === i + 1);
    }
    answers.push(get(`${url}/me`, `Bearer ${token(newKey('unknown'))}`).then((answer) => answer.status));
    await until(() => waiting.length === 4);
    for (const answer of waiting.reverse()) answer();
    expect(await Promise.all(answers)).toEqual([...users, 401]);
  });
});

describe('a PassportModule beside the guard', () => {
  it('cannot put its own default strategy in the place of the guard', async () => {
    @Injectable()
    class AnyoneStrategy extends PassportStrategy(Strategy, 'anyone') {
      constructor() {
        super({ secretOrKey: 'x', jwtFromRequest: () => 'x' });
      }

      override authenticate(): void {
        (this as unknown as { success(user: object): void }).success(claims({ role: 'admin' }));
      }

      validate(): object {
        return {};
      }
    }

    @Controller('feature')
    class FeatureController {
      @Get()
      @UseGuards(JwtAuthGuard)
      get(): object {
        return {};
      }
    }

    @Module({
      imports: [PassportModule.register({ defaultStrategy: 'anyone', property: 'account' })],
      providers: [AnyoneStrategy],
      controllers: [FeatureController],
    })
    class FeatureModule {}

    @Module({
      imports: [FeatureModule, AuthGuardModule.forRoot({ issuer: ISSUER, keys: sourceOf(key), clock, global: false })],
    })
    class AppModule {}

    const { url } = await serve(AppModule);
    expect((await get(`${url}/feature`)).status).toBe(401);
    expect((await get(`${url}/feature`, `Bearer ${token(key)}`)).status).toBe(200);
    passport.unuse('anyone');
  });
});

describe('the verifier', () => {
  it('is injected into services of any module, and is the one that the guard asks', async () => {
    @Injectable()
    class Hooks {
      constructor(readonly verifier: AccessTokenVerifier) {}
    }

    @Module({ providers: [Hooks] })
    class HooksModule {}

    const asked: string[] = [];
    const find = (kid: string) => (asked.push(kid), sourceOf(key).find(kid));
    @Module({
      imports: [HooksModule, AuthGuardModule.forRoot({ issuer: ISSUER, keys: { find }, clock })],
      controllers: [NotesController],
    })
    class AppModule {}

    const { app, url } = await serve(AppModule);
    const { verifier } = app.get(Hooks, { strict: false });
    expect(await verifier.verifyAccessToken(token(key))).toMatchObject({ email: 'ada@example.com' });
    await expect(verifier.verifyAccessToken('nonsense')).rejects.toMatchObject({ code: 'invalid_token' });
    expect(asked).toEqual([key.kid]);
    expect((await get(`${url}/me`, `Bearer ${token(key)}`)).status).toBe(200);
    expect(asked).toHaveLength(2);
  });
});

describe('keys that cannot be fetched', () => {
  it('are a warning in the log of Nest that says why, once', async () => {
    const lines: string[] = [];
    const warn = jest
      .spyOn(Logger.prototype, 'warn')
      .mockImplementation((line: unknown) => void lines.push(String(line)));
    @Module({ imports: [AuthGuardModule.forRoot({ issuer: 'http://127.0.0.1:1' })], controllers: [NotesController] })
    class AppModule {}
    const { url } = await serve(AppModule);
    const good = `Bearer ${token(key)}`;
    for (let i = 0; i < 3; i++) expect((await get(`${url}/me`, good)).status).toBe(503);
    expect(lines.filter((line) => line.includes('keys'))).toEqual([
      expect.stringMatching(/^Cannot fetch the keys of the issuer: .+/),
    ]);
    warn.mockRestore();
  });
});

describe('the options', () => {
  function start(options: AuthGuardOptions): Promise<unknown> {
    @Module({ imports: [AuthGuardModule.forRoot(options)], controllers: [NotesController] })
    class AppModule {}
    return serve(AppModule);
  }

  it('come from other modules by forRootAsync, as values or promises', async () => {
    @Injectable()
    class Keys implements KeySource {
      find = (kid: string) => sourceOf(key).find(kid);
    }

    @Module({ providers: [Keys], exports: [Keys] })
    class KeysModule {}

    const guard = AuthGuardModule.forRootAsync({
      imports: [KeysModule],
      inject: [Keys],
      useFactory: async (keys: Keys) => Promise.resolve({ issuer: ISSUER, audience: 'notes', keys, clock }),
    });

    @Module({ imports: [guard], controllers: [NotesController] })
    class AppModule {}

    const { url } = await serve(AppModule);
    expect((await get(`${url}/me`)).status).toBe(401);
    expect((await get(`${url}/me`, `Bearer ${token(key)}`)).status).toBe(401);
    expect((await get(`${url}/me`, `Bearer ${tokenWithClaims(key, { aud: 'notes' })}`)).status).toBe(200);
  });

  it.each([true, false])('cannot come from a request, with global: %s', async (global) => {
    @Injectable({ scope: Scope.REQUEST })
    class Tenant {
      readonly issuer = ISSUER;
    }

    @Module({ providers: [Tenant], exports: [Tenant] })
    class TenantModule {}

    const useFactory = ({ issuer }: Tenant) => ({ issuer, keys: sourceOf(key), clock });
    const guard = AuthGuardModule.forRootAsync({ global, imports: [TenantModule], inject: [Tenant], useFactory });

    @Module({ imports: [guard], controllers: [NotesController] })
    class AppModule {}

    // Nest itself refuses the first, in its newer versions.
    await expect(serve(AppModule)).rejects.toThrow(/request-scoped provider/);
  });

  it.each([
    ['issuer', { issuer: '', keys: sourceOf(key) }],
    ['issuer', { keys: sourceOf(key) }],
    ['audience', { issuer: ISSUER, audience: '', keys: sourceOf(key) }],
    ['issuer', { issuer: 'http://auth.example.com' }],
    ['issuer', { issuer: 'auth.example.com' }],
    ['issuer', { issuer: `${ISSUER}/?tenant=1` }],
    ['issuer', { issuer: 'https://ada:secret@auth.example.com' }],
    ['url', { issuer: ISSUER, url: 'http://auth.internal:3000' }],
    ['url', { issuer: ISSUER, url: 'http://127.0.0.1.example.com' }],
    ['cacheSize', { issuer: ISSUER, cacheSize: -1 }],
    ['isRevoked', { issuer: ISSUER, isRevoked: true }],
    ['onKeyTrouble', { issuer: ISSUER, onKeyTrouble: 'log' }],
    ['tokenFrom', { issuer: ISSUER, tokenFrom: 'query' }],
    ['keys', { issuer: ISSUER, keys: {} }],
    ['clock', { issuer: ISSUER, keys: sourceOf(key), clock: NOW_SECONDS }],
  ])('that cannot be used keep the app from starting, and %s is named', async (name, options) => {
    await expect(start(options as unknown as AuthGuardOptions)).rejects.toThrow(`the option "${name}" must be`);
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

function registered(): string[] {
  return Object.keys((passport as unknown as { _strategies: object })._strategies);
}
