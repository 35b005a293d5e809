import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, type Type, UseGuards } from '@nestjs/common';
import { AuthGuardModule, CurrentUser, JwtAuthGuard, type Principal, Public, Roles } from '../src/index.js';
import { closeApps, get, platformNames, type RunningApp, serve, serveGuarded } from './support/apps.js';
import { ISSUER, newKey, NOW_SECONDS, sourceOf, token, tokenWithClaims, USER_ID } from './support/tokens.js';

const key = newKey();
const keys = sourceOf(key);
const clock = (): number => NOW_SECONDS * 1000;
const asUser = `Bearer ${token(key)}`;
const asAdmin = `Bearer ${tokenWithClaims(key, { role: 'admin' })}`;

describe.each(platformNames)('access on %s', (platform) => {
  let app: RunningApp;

  beforeAll(async () => {
    app = await serveGuarded({ keys }, platform);
  });
  afterAll(closeApps);

  it('is closed where nothing is said', async () => {
    expect((await get(`${app.url}/me`)).status).toBe(401);
    expect((await get(`${app.url}/me`, asUser)).status).toBe(200);
  });

  it('is open where @Public() stands, whatever token is sent', async () => {
    expect((await get(`${app.url}/open`)).status).toBe(200);
    expect((await get(`${app.url}/open`, 'Bearer nonsense')).status).toBe(200);
  });

  it('is for the roles that @Roles() names', async () => {
    expect((await get(`${app.url}/admin`, asAdmin)).status).toBe(200);
    const asOwner = `Bearer ${tokenWithClaims(key, { role: 'owner' })}`;
    expect((await get(`${app.url}/admin`, asOwner)).status).toBe(200);
    expect((await get(`${app.url}/admin`)).status).toBe(401);
  });

  it.each(['user', 'Admin', 'admin ', 'adm', 'admin,owner'])('is refused to the role "%s" with 403', async (role) => {
    const answer = await get(`${app.url}/admin`, `Bearer ${tokenWithClaims(key, { role })}`);
    expect(answer.status).toBe(403);
    expect(answer.body).toEqual({
      type: 'about:blank',
      title: 'Forbidden',
      status: 403,
      detail: 'Your role does not allow this.',
      code: 'insufficient_role',
    });
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer error="insufficient_scope"/);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json(;|$)/);
  });

  it('tells the handler who is there', async () => {
    const sent = tokenWithClaims(key, { auth_time: NOW_SECONDS - 60, amr: ['pwd'] });
    expect((await get(`${app.url}/me`, `Bearer ${sent}`)).body).toEqual({
      userId: USER_ID,
      email: 'ada@example.com',
      role: 'user',
      sessionId: '01920000-0000-7000-8000-000000000002',
      tokenId: '01920000-0000-7000-8000-000000000003',
      issuedAt: new Date(NOW_SECONDS * 1000).toISOString(),
      expiresAt: new Date((NOW_SECONDS + 600) * 1000).toISOString(),
      authTime: new Date((NOW_SECONDS - 60) * 1000).toISOString(),
      amr: ['pwd'],
    });
  });

  it('leaves out what the issuer does not say', async () => {
    const { body } = await get(`${app.url}/me`, asUser);
    expect(body).not.toHaveProperty('authTime');
    expect(body).not.toHaveProperty('amr');
  });
});

describe('decorators on a controller and its handlers', () => {
  let app: RunningApp;

  @Controller('public')
  @Public()
  class PublicController {
    @Get()
    plain(): object {
      return {};
    }

    @Get('admin')
    @Roles('admin')
    admin(): object {
      return {};
    }

    @Get('who')
    who(@CurrentUser() user: Principal): object {
      return { ...user };
    }
  }

  @Controller('admin')
  @Roles('admin')
  class AdminController {
    @Get()
    plain(): object {
      return {};
    }

    @Get('open')
    @Public()
    open(): object {
      return {};
    }

    @Get('user')
    @Roles('user')
    user(): object {
      return {};
    }

    @Get('both')
    @Public()
    @Roles('admin')
    both(): object {
      return {};
    }
  }

  beforeAll(async () => {
    @Module({
      imports: [AuthGuardModule.forRoot({ issuer: ISSUER, keys, clock })],
      controllers: [PublicController, AdminController],
    })
    class AppModule {}
    app = await serve(AppModule);
  });
  afterAll(closeApps);

  it.each([
    ['/public', undefined, 200],
    ['/public/admin', undefined, 401],
    ['/public/admin', asUser, 403],
    ['/public/admin', asAdmin, 200],
    ['/admin', undefined, 401],
    ['/admin', asUser, 403],
    ['/admin/open', undefined, 200],
    ['/admin/user', asUser, 200],
    ['/admin/user', asAdmin, 403],
    ['/admin/both', undefined, 401],
    ['/admin/both', asUser, 403],
  ])('the nearest counts, and the closed one of two: %s', async (path, authorization, status) => {
    expect((await get(app.url + path, authorization)).status).toBe(status);
  });

  it('@CurrentUser() on a public route is a fault, not a stranger without a name', async () => {
    expect((await get(`${app.url}/public/who`, asUser)).status).toBe(500);
  });
});

describe('the guard per route', () => {
  afterEach(closeApps);

  @Controller()
  class MixedController {
    @Get('open')
    open(): object {
      return {};
    }

    @Get('closed')
    @UseGuards(JwtAuthGuard)
    closed(@CurrentUser() user: Principal): object {
      return { ...user };
    }

    @Get('admin')
    @UseGuards(JwtAuthGuard)
    @Roles('admin')
    admin(): object {
      return {};
    }
  }

  @Module({ controllers: [MixedController] })
  class FeatureModule {}

  function serveWith(guard: Type | ReturnType<typeof AuthGuardModule.forRoot>): Promise<RunningApp> {
    @Module({ imports: [guard, FeatureModule] })
    class AppModule {}
    return serve(AppModule);
  }

  it.each([
    AuthGuardModule.forRoot({ issuer: ISSUER, keys, clock, global: false }),
    AuthGuardModule.forRootAsync({ useFactory: () => ({ issuer: ISSUER, keys, clock }), global: false }),
  ])('stands where @UseGuards(JwtAuthGuard) is written, in any module: %#', async (guard) => {
    const { url } = await serveWith(guard);
    expect((await get(`${url}/open`)).status).toBe(200);
    expect((await get(`${url}/closed`)).status).toBe(401);
    expect((await get(`${url}/closed`, asUser)).body).toMatchObject({ userId: USER_ID });
    expect((await get(`${url}/admin`, asUser)).status).toBe(403);
    expect((await get(`${url}/admin`, asAdmin)).status).toBe(200);
  });

  it('keeps an app that has not configured it from starting', async () => {
    @Module({})
    class Nothing {}
    await expect(serveWith(Nothing)).rejects.toThrow(/can't resolve dependencies/i);
  });
});
