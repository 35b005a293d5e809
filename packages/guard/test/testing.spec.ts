import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { INestApplication } from '@nestjs/common';
import { AuthGuardModule, type AuthGuardOptions, createVerifier } from '../src/index.js';
import { TestIssuer } from '../src/testing.js';
import { get, NotesController } from './support/apps.js';
import { ISSUER, NOW_SECONDS } from './support/tokens.js';

let app: INestApplication | undefined;
afterEach(() => app?.close());

/** An app as its team has written it: it knows an issuer that no test reaches. */
async function appUnderTest(issuer: TestIssuer, options: Partial<AuthGuardOptions> = {}): Promise<string> {
  @Module({ imports: [AuthGuardModule.forRoot({ issuer: ISSUER, ...options })], controllers: [NotesController] })
  class AppModule {}

  const testing = await issuer.trustedBy(Test.createTestingModule({ imports: [AppModule] })).compile();
  app = testing.createNestApplication({ logger: false });
  await app.listen(0, '127.0.0.1');
  return app.getUrl();
}

describe('the test kit', () => {
  const issuer = new TestIssuer();

  it('signs in whom the test names, without any server', async () => {
    const url = await appUnderTest(issuer);
    const token = issuer.signIn({ role: 'admin', userId: 'ada', email: 'ada@example.com', sessionId: 's1' });
    expect((await get(`${url}/admin`, `Bearer ${token}`)).status).toBe(200);
    expect((await get(`${url}/me`, `Bearer ${token}`)).body).toMatchObject({
      userId: 'ada',
      email: 'ada@example.com',
      role: 'admin',
      sessionId: 's1',
      amr: ['pwd'],
    });
  });

  it('signs in someone new of the role user when nobody is named', async () => {
    const url = await appUnderTest(issuer);
    const people = await Promise.all([1, 2].map(async () => get(`${url}/me`, `Bearer ${issuer.signIn()}`)));
    expect(people.map(({ body }) => body.role)).toEqual(['user', 'user']);
    expect(people[0]!.body.userId).not.toEqual(people[1]!.body.userId);
    expect((await get(`${url}/admin`, `Bearer ${issuer.signIn()}`)).status).toBe(403);
  });

  it('makes expired and forged tokens, which the app refuses', async () => {
    const url = await appUnderTest(issuer);
    for (const token of [
      issuer.expiredToken(),
      issuer.forgedToken({ role: 'admin' }),
      new TestIssuer({ issuer: ISSUER }).signIn(),
    ]) {
      expect((await get(`${url}/me`, `Bearer ${token}`)).status).toBe(401);
    }
  });

  it('follows the audience and the clock of the app', async () => {
    const url = await appUnderTest(issuer, { audience: 'notes', clock: () => NOW_SECONDS * 1000 });
    const { body, status } = await get(`${url}/me`, `Bearer ${issuer.signIn()}`);
    expect([status, body.issuedAt]).toEqual([200, new Date(NOW_SECONDS * 1000).toISOString()]);
  });

  it('says whether an address is confirmed, as it is unless that is said', async () => {
    const url = await appUnderTest(issuer);
    const isVerified = async (token: string): Promise<unknown> =>
      (await get(`${url}/me`, `Bearer ${token}`)).body.emailVerified;
    expect(await isVerified(issuer.signIn())).toBe(true);
    expect(await isVerified(issuer.signIn({ emailVerified: false }))).toBe(false);
  });

  it('says when someone logged in', async () => {
    const url = await appUnderTest(issuer);
    const authTime = new Date('2026-01-02T03:04:05Z');
    expect((await get(`${url}/me`, `Bearer ${issuer.signIn({ authTime })}`)).body.authTime).toBe(
      authTime.toISOString(),
    );
  });

  it('closes a session, so that its tokens are refused, and makes no connection', async () => {
    const asked = jest.spyOn(globalThis, 'fetch');
    const url = await appUnderTest(issuer, { strict: true, isRevoked: ({ sessionId }) => sessionId === 'barred' });
    const [mine, other] = [issuer.signIn({ sessionId: 'mine' }), issuer.signIn()];
    const statuses = (): Promise<number[]> =>
      Promise.all([mine, other].map(async (token) => (await get(`${url}/me`, `Bearer ${token}`)).status));
    expect(await statuses()).toEqual([200, 200]);
    issuer.revoke('mine');
    expect(await statuses()).toEqual([401, 200]);
    expect((await get(`${url}/me`, `Bearer ${issuer.signIn({ sessionId: 'barred' })}`)).status).toBe(401);
    expect(asked.mock.calls.filter(([place]) => typeof place !== 'string' || !place.startsWith(url))).toEqual([]);
    asked.mockRestore();
  });

  it('serves apps without Nest as their source of keys', async () => {
    const own = new TestIssuer({ issuer: ISSUER, audience: 'api' });
    const verifier = createVerifier({ issuer: ISSUER, audience: 'api', keys: own, isRevoked: own.isRevoked });
    expect(await verifier.verifyAccessToken(own.signIn({ userId: 'ada' }))).toMatchObject({ userId: 'ada' });
    await expect(verifier.verifyAccessToken(own.forgedToken())).rejects.toMatchObject({ code: 'invalid_token' });
    own.revoke('s1');
    const closed = verifier.verifyAccessToken(own.signIn({ sessionId: 's1' }));
    await expect(closed).rejects.toMatchObject({ reason: 'it is revoked' });
  });

  it('says what is missing when it knows no app', () => {
    expect(() => new TestIssuer().signIn()).toThrow('trustedBy');
  });
});
