import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SecureCookie } from '../../../src/platform/http/cookies/secure-cookie.js';
import { expectProblem } from './support/expect-problem.js';
import { ToyService } from './support/toy-service.js';

const OWN = { origin: 'http://127.0.0.1' };

describe('a secure cookie', () => {
  let toy: ToyService;
  beforeAll(async () => {
    toy = await ToyService.start();
  });
  afterAll(() => toy.stop());

  it('is bound to the host when the issuer has https', () => {
    const set: unknown[] = [];
    const reply = { setCookie: (...args: unknown[]) => set.push(args) } as unknown as Parameters<
      SecureCookie['set']
    >[0];
    new SecureCookie('refresh', 'https://auth.example').set(reply, 'v', 60);
    expect(set).toEqual([
      ['__Host-refresh', 'v', { path: '/', httpOnly: true, sameSite: 'strict', secure: true, maxAge: 60 }],
    ]);
  });

  it('has a plain name, without Secure, on plain http', async () => {
    const response = await toy.post('/cookie', '{}', OWN);
    expect(response.headers.getSetCookie()).toEqual(['toy=value_1; Max-Age=60; Path=/; HttpOnly; SameSite=Strict']);
  });

  it('comes back as it was set', async () => {
    const read = async (cookie: string): Promise<unknown> =>
      (await toy.fetch('/cookie', { headers: { cookie } })).json();
    expect(await read('other=1; toy=value_1; toys=2')).toEqual({ value: 'value_1' });
    expect(await read('other=1')).toEqual({ value: null });
  });

  it.each(['toy=a; toy=b', 'toy=a;toy=a', 'toy=a; x=1; toy', 'toy=a;\ttoy =b'])(
    'is refused twice: %s',
    async (cookie) => {
      await expectProblem(await toy.fetch('/cookie', { headers: { cookie } }), 400, 'duplicate_cookie');
    },
  );

  it('is cleared with the attributes it was set with', async () => {
    const [cookie] = (await toy.fetch('/cookie', { method: 'DELETE' })).headers.getSetCookie();
    expect(cookie).toBe('toy=; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Strict');
  });
});

describe('an allowed origin', () => {
  let toy: ToyService;
  beforeAll(async () => {
    toy = await ToyService.start();
  });
  afterAll(() => toy.stop());

  it.each(['http://127.0.0.1', 'https://app.example'])('is %s', async (origin) => {
    expect((await toy.post('/cookie', '{}', { origin })).status).toBe(201);
  });

  it.each([
    'null',
    'http://127.0.0.1:81',
    'https://127.0.0.1',
    'https://app.example.evil',
    'https://evil.example',
    'HTTPS://APP.EXAMPLE',
  ])('is not %s', async (origin) => {
    await expectProblem(await toy.post('/cookie', '{}', { origin }), 403, 'origin_not_allowed');
  });

  it('is not a missing one', async () => {
    await expectProblem(await toy.post('/cookie', '{}'), 403, 'origin_not_allowed');
  });
});
