import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type ArgumentsHost, Catch, Controller, Get, Module, type Type, UseGuards } from '@nestjs/common';
import { APP_FILTER, BaseExceptionFilter } from '@nestjs/core';
import {
  AccessDenied,
  AuthGuardModule,
  CurrentUser,
  JwtAuthGuard,
  MaxAge,
  type Principal,
  Public,
  Roles,
  Strict,
} from '../../src/index.js';
import { closeApps, get, platformNames, type RunningApp, serve, serveGuarded } from '../support/apps.js';
import { ISSUER, newKey, NOW_SECONDS, sourceOf, token, tokenWithClaims, USER_ID } from '../support/tokens.js';

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
    const sent = tokenWithClaims(key, { email_verified: true, auth_time: NOW_SECONDS - 60, amr: ['pwd'] });
    expect((await get(`${app.url}/me`, `Bearer ${sent}`)).body).toEqual({
      userId: USER_ID,
      email: 'ada@example.com',
      emailVerified: true,
      role: 'user',
      sessionId: '01920000-0000-7000-8000-000000000002',
      tokenId: '01920000-0000-7000-8000-000000000003',
      issuedAt: new Date(NOW_SECONDS * 1000).toISOString(),
      expiresAt: new Date((NOW_SECONDS + 600) * 1000).toISOString(),
      authTime: new Date((NOW_SECONDS - 60) * 1000).toISOString(),
      amr: ['pwd'],
    });
  });

  it('tells the handler one thing of them, where it asks for that', async () => {
    expect((await get(`${app.url}/email`, asUser)).body).toEqual({ email: 'ada@example.com' });
    expect((await get(`${app.url}/email`)).status).toBe(401);
  });

  it('leaves out what the issuer does not say', async () => {
    const { body } = await get(`${app.url}/me`, asUser);
    expect(body).not.toHaveProperty('authTime');
    expect(body).not.toHaveProperty('amr');
  });

  it('takes an address for unconfirmed where the issuer does not say', async () => {
    expect((await get(`${app.url}/me`, asUser)).body.emailVerified).toBe(false);
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

    @Get('guarded')
    @UseGuards(JwtAuthGuard)
    guarded(@CurrentUser() user: Principal): object {
      return { ...user };
    }
  }

  @Controller('guarded')
  @UseGuards(JwtAuthGuard)
  class GuardedController {
    @Get('open')
    @Public()
    open(): object {
      return {};
    }

    @Get('both')
    @Public()
    @UseGuards(JwtAuthGuard)
    both(): object {
      return {};
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
      controllers: [PublicController, GuardedController, AdminController],
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
    ['/public/guarded', undefined, 401],
    ['/public/guarded', asUser, 200],
    ['/guarded/open', undefined, 200],
    ['/guarded/both', undefined, 401],
    ['/guarded/both', asUser, 200],
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

describe('the controller that another extends', () => {
  afterAll(closeApps);

  @Roles('admin')
  class ListController {
    @Get('list')
    list(): object {
      return {};
    }

    @Get('open')
    @Public()
    open(): object {
      return {};
    }

    @Get('own')
    @Public()
    own(): object {
      return {};
    }
  }

  @Controller()
  class ExtendedController extends ListController {
    @Get('own')
    override own(): object {
      return {};
    }
  }

  it('hands down what stands on it, and on its handlers unless they are written anew', async () => {
    @Module({
      imports: [AuthGuardModule.forRoot({ issuer: ISSUER, keys, clock })],
      controllers: [ExtendedController],
    })
    class AppModule {}
    const { url } = await serve(AppModule);
    const statuses = async (path: string): Promise<number[]> =>
      Promise.all([undefined, asUser, asAdmin].map(async (sent) => (await get(url + path, sent)).status));
    expect(await statuses('/list')).toEqual([401, 403, 200]);
    expect(await statuses('/open')).toEqual([200, 200, 200]);
    expect(await statuses('/own')).toEqual([401, 403, 200]);
  });
});

describe.each(platformNames)('@MaxAge(300) on %s', (platform) => {
  let url: string;

  @Controller()
  @Roles('user')
  class MoneyController {
    @Get('pay')
    @MaxAge(300)
    pay(): object {
      return {};
    }

    @Get('open')
    @Public()
    @MaxAge(300)
    open(): object {
      return {};
    }

    @Get('never')
    @MaxAge(0)
    @Roles('user', 'admin')
    never(): object {
      return {};
    }
  }

  beforeAll(async () => {
    const guard = AuthGuardModule.forRoot({ issuer: ISSUER, keys, clock });

    @Module({ imports: [guard], controllers: [MoneyController] })
    class AppModule {}

    ({ url } = await serve(AppModule, platform));
  });
  afterAll(closeApps);

  const loggedIn = (secondsAgo: number, role = 'user'): string =>
    `Bearer ${tokenWithClaims(key, { role, auth_time: NOW_SECONDS - secondsAgo })}`;

  it.each([0, 299, 300])('lets in who logged in %d s ago', async (secondsAgo) => {
    expect((await get(`${url}/pay`, loggedIn(secondsAgo))).status).toBe(200);
  });

  it.each([
    ['logged in 301 s ago', loggedIn(301)],
    ['logged in at a time nobody knows', asUser],
  ])('asks who %s to log in again, as RFC 9470 says', async (_who, authorization) => {
    const answer = await get(`${url}/pay`, authorization);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe(
      'Bearer error="insufficient_user_authentication", error_description="This request needs a more recent login.", max_age="300"',
    );
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json(;|$)/);
    expect(answer.body).toMatchObject({ status: 401, code: 'insufficient_user_authentication' });
  });

  it('adds to the roles of the controller, and closes what @Public() would open beside it', async () => {
    expect((await get(`${url}/pay`, loggedIn(0, 'guest'))).status).toBe(403);
    expect((await get(`${url}/open`)).status).toBe(401);
    expect((await get(`${url}/open`, loggedIn(0))).status).toBe(200);
    expect((await get(`${url}/never`, loggedIn(0, 'admin'))).status).toBe(200);
    expect((await get(`${url}/never`, loggedIn(1, 'admin'))).status).toBe(401);
  });

  it('without a token is a challenge like any other', async () => {
    expect((await get(`${url}/pay`)).headers.get('www-authenticate')).toBe('Bearer');
  });

  it.each([-1, NaN, '300'])('cannot be written with %p seconds', (seconds) => {
    expect(() => MaxAge(seconds as number)).toThrow(TypeError);
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
    @Roles('admin')
    admin(): object {
      return {};
    }

    @Get('recent')
    @MaxAge(300)
    recent(): object {
      return {};
    }

    @Get('both')
    @UseGuards(JwtAuthGuard)
    @Roles('admin')
    both(): object {
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
  ])('stands where @UseGuards(JwtAuthGuard), @Roles or @MaxAge is written, in any module: %#', async (guard) => {
    const { url } = await serveWith(guard);
    expect((await get(`${url}/open`)).status).toBe(200);
    expect((await get(`${url}/closed`)).status).toBe(401);
    expect((await get(`${url}/closed`, asUser)).body).toMatchObject({ userId: USER_ID });
    for (const path of ['admin', 'both']) {
      expect((await get(`${url}/${path}`)).status).toBe(401);
      expect((await get(`${url}/${path}`, asUser)).status).toBe(403);
      expect((await get(`${url}/${path}`, asAdmin)).status).toBe(200);
    }
    expect((await get(`${url}/recent`)).status).toBe(401);
    expect((await get(`${url}/recent`, asUser)).body).toMatchObject({ code: 'insufficient_user_authentication' });
  });

  it('tells filters who was refused for a role or an old login, and nobody who was not known for sure', async () => {
    const told: (string | undefined)[] = [];

    @Catch(AccessDenied)
    class WatchFilter extends BaseExceptionFilter {
      override catch(denied: AccessDenied, host: ArgumentsHost): void {
        told.push(host.switchToHttp().getRequest<{ user?: Principal }>().user?.userId);
        super.catch(denied, host);
      }
    }

    @Controller()
    class StrictController {
      @Get('strict')
      @Strict()
      @Roles('admin')
      strict(): object {
        return {};
      }
    }

    const guard = AuthGuardModule.forRoot({ issuer: ISSUER, keys, clock });
    const watch = { provide: APP_FILTER, useClass: WatchFilter };
    @Module({ imports: [guard, FeatureModule], controllers: [StrictController], providers: [watch] })
    class AppModule {}
    const { url } = await serve(AppModule);
    expect((await get(`${url}/admin`, asUser)).status).toBe(403);
    expect((await get(`${url}/recent`, asUser)).status).toBe(401);
    expect(told.splice(0)).toEqual([USER_ID, USER_ID]);
    expect((await get(`${url}/admin`)).status).toBe(401);
    expect((await get(`${url}/admin`, `${asUser}x`)).status).toBe(401);
    expect((await get(`${url}/strict`, asUser)).status).toBe(503); // nothing tells it which sessions were closed
    expect(told).toEqual([undefined, undefined, undefined]);
  });

  it('keeps an app that has not configured it from starting', async () => {
    @Module({})
    class Nothing {}
    await expect(serveWith(Nothing)).rejects.toThrow(/can't resolve dependencies/i);
  });
});
