import type { HTTPMethods } from 'fastify';
import { Client } from '../support/http/client.js';
import { crowd, type Member } from '../support/people/crowd.js';
import { claimsOf, logIn } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { registeredRoutes } from './support/registered-routes.js';

/** What a route answers to whom. Where it takes an id, `own` names the caller's own, `others` and `admin` somebody else's. */
interface Expected {
  none: number;
  own: number;
  others: number;
  admin: number;
  body?: (caller: Member) => object;
}

type Body = Expected['body'];

/** To everybody the same, whoever they are. */
const open = (status: number): Expected => ({ none: status, own: status, others: status, admin: status });
/** To everybody who is signed in, about themselves. */
const self = (status: number, body?: Body): Expected => ({
  none: 401,
  own: status,
  others: status,
  admin: status,
  ...(body && { body }),
});
/** To admins only, about anybody: not to others about themselves either. */
const admins = (status: number, body?: Body): Expected => ({
  none: 401,
  own: 403,
  others: 403,
  admin: status,
  ...(body && { body }),
});

const NEW_PASSWORD = 'an entirely new one';
let invited = 0;

const WALK: Readonly<Record<string, Expected>> = {
  'DELETE /admin/users/:id': admins(204),
  'DELETE /admin/users/:id/sessions': admins(204),
  'DELETE /sessions': self(204),
  'DELETE /sessions/:id': { none: 401, own: 204, others: 404, admin: 404 },
  'DELETE /users/me': self(204, ({ person }) => ({ currentPassword: person.password })),
  'GET /': open(302),
  'GET /.well-known/change-password': open(302),
  'GET /.well-known/jwks.json': open(200),
  'GET /.well-known/oauth-authorization-server': open(200),
  'GET /.well-known/ssf-configuration': open(404), // nobody is named in SSF_RECEIVERS
  'GET /accept-invitation': open(200),
  'GET /admin/events': admins(200),
  'GET /admin/users': admins(200),
  'GET /admin/users/:id': admins(200),
  'GET /admin/users/:id/sessions': admins(200),
  'GET /confirm-email': open(200),
  'GET /dev/mailbox': open(200),
  'GET /dev/mailbox/:id': open(404),
  'GET /docs': open(200),
  'GET /docs/': open(200),
  'GET /docs/*': open(404),
  'GET /docs/LICENSE': open(404),
  'GET /docs/docs/swagger-ui-init.js': open(200),
  'GET /docs/index.html': open(200),
  'GET /docs/swagger-ui-init.js': open(200),
  'GET /forgot-password': open(200),
  'GET /health/live': open(200),
  'GET /health/ready': open(200),
  'GET /openapi.json': open(200),
  'GET /pages/link.js': open(200),
  'GET /resend-verification': open(200),
  'GET /reset-password': open(200),
  'GET /revocations': open(200),
  'GET /sessions': self(200),
  'GET /undo-email-change': open(200),
  'GET /users/me': self(200),
  'GET /users/me/events': self(200),
  'GET /users/me/export': self(200),
  'GET /verify-email': open(200),
  'HEAD /docs/*': open(404),
  'PATCH /admin/users/:id': { ...admins(200), body: () => ({ role: 'editor' }) },
  'PATCH /users/me': self(200, () => ({ locale: 'ru' })),
  'POST /admin/users': admins(201, () => ({ email: `invited-${(invited += 1)}@example.com` })),
  'POST /admin/users/:id/invitation': admins(409),
  'POST /admin/users/:id/restore': admins(200),
  'POST /auth/accept-invitation': open(400),
  'POST /auth/confirm-email-change': open(400),
  'POST /auth/forgot-password': open(400),
  'POST /auth/login': open(400),
  'POST /auth/logout': open(400),
  'POST /auth/refresh': open(400),
  'POST /auth/register': open(400),
  'POST /auth/reset-password': open(400),
  'POST /auth/undo-email-change': open(400),
  'POST /auth/verify-email': open(400),
  'POST /auth/verify-email/resend': open(400),
  'POST /ssf/poll': open(404),
  'POST /users/me/email': self(202, ({ person }) => ({
    email: `new-${person.email}`,
    currentPassword: person.password,
  })),
  'POST /users/me/password': self(204, ({ person }) => ({
    currentPassword: person.password,
    newPassword: NEW_PASSWORD,
  })),
};

describe('A walk over every route', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  interface Caller extends Member {
    bearer: string;
    sessionId: string;
  }

  /** A user, a bystander and an admin, whom no step before has changed. */
  const people = async (): Promise<[Caller, Caller, Caller]> => {
    const members = await crowd(client, service.database, 3);
    await service.database.query(`UPDATE users SET role = 'admin' WHERE id = $1`, [members[2]!.userId]);
    const callers = members.map(async (member) => {
      const { accessToken: bearer } = await logIn(client, member.person);
      return { ...member, bearer, sessionId: claimsOf(bearer).sid as string };
    });
    return Promise.all(callers) as Promise<[Caller, Caller, Caller]>;
  };
  /** Once more what was there before: the next step begins with it. */
  const isUntouched = async ({ userId, bearer }: Caller): Promise<void> => {
    const [row] = await service.database.query('SELECT role, disabled_at, locale, closed_at FROM users WHERE id = $1', [
      userId,
    ]);
    expect(row).toEqual({ role: 'user', disabled_at: null, locale: null, closed_at: null });
    expect((await client.get('/users/me', { bearer })).status).toBe(200);
  };
  const call = async (route: string, about: Caller, by: Caller | null): Promise<number> => {
    const [method = '', path = ''] = route.split(' ');
    const id = path.startsWith('/sessions') ? about.sessionId : about.userId;
    const body = WALK[route]?.body?.(by ?? about);
    const response = await fetch(service.url + path.replace(':id', id), {
      method,
      redirect: 'manual',
      headers: {
        accept: 'application/json', // or the revocations would go on for ever
        ...(by && { authorization: `Bearer ${by.bearer}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    await response.arrayBuffer();
    return response.status;
  };

  it('knows what to expect of each that is there, and of no other', () => {
    const routes = registeredRoutes(service.app);
    const server = service.app.getHttpAdapter().getInstance();
    for (const [method, url] of routes.map((route) => route.split(' ') as [HTTPMethods, string])) {
      expect(server.hasRoute({ method, url })).toBe(true);
    }
    expect(Object.keys(WALK).sort()).toEqual(routes);
  });

  it.each(Object.entries(WALK))('finds the door as it ought to be: %s', async (route, expected) => {
    const [user, bystander, admin] = await people();
    expect(await call(route, user, null)).toBe(expected.none);
    await isUntouched(user);
    expect(await call(route, bystander, user)).toBe(expected.others);
    await isUntouched(bystander);
    const [again] = await people();
    expect(await call(route, again, again)).toBe(expected.own);
    expect(await call(route, bystander, admin)).toBe(expected.admin);
  });
});
