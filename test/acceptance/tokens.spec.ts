import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { encode, type Json, type SigningKey, signText } from '../../packages/guard/test/support/tokens.js';
import { sendRaw } from '../platform/http/support/raw-http.js';
import { type Answer, Client } from '../support/http/client.js';
import { claimsOf, signedIn, type Tokens } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { type Forge, forgedTokens, intruder } from './support/forged-tokens.js';
import { expectRefusal } from './support/refusals.js';
import { signingKeysOf } from './support/signing-keys.js';

const CHALLENGE = 'Bearer error="invalid_token", error_description="The access token is invalid or has expired."';
describe('An access token at the service', () => {
  let service: TestService;
  let client: Client;
  let tokens: Tokens;
  let forge: Forge;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
    tokens = await signedIn(client);
    const keys = await signingKeysOf(service);
    const own = claimsOf(tokens.accessToken);
    const make = (header: Json, payload: Json, key: SigningKey): string =>
      signText(`${encode({ alg: 'ES256', typ: 'at+jwt', kid: keys.active.kid, ...header })}.${encode(payload)}`, key);
    forge = {
      good: tokens.accessToken,
      keys,
      header: (changes, key = keys.active) => make(changes, own, key),
      claims: (changes, key = keys.active) => make({ kid: key.kid }, { ...own, ...changes }, key),
    };
  });
  afterAll(() => service.stop());

  const me = (bearer: string): Promise<Answer> => client.get('/users/me', { bearer });
  const expectInvalid = (answer: Answer): void => {
    expect(expectRefusal(answer)).toMatchObject({ status: 401, code: 'invalid_token' });
    expect(answer.headers.get('www-authenticate')).toBe(CHALLENGE);
  };

  it.each([
    ['signed by hand with the active key', () => forge.claims({})],
    ['signed with the standby key, which is published', () => forge.claims({}, forge.keys.standby)],
    ['expired within the tolerance of 30 s', () => forge.claims({ exp: Math.floor(Date.now() / 1000) - 20 })],
    ['of a clock that is ahead within the tolerance', () => forge.claims({ iat: Math.floor(Date.now() / 1000) + 20 })],
  ])('is accepted %s, so that a forged one is refused for nothing else', async (_, token) => {
    expect((await me(token())).status).toBe(200);
  });

  it.each(Object.entries(forgedTokens))('is refused with %s', async (_, forged) => {
    expectInvalid(await me(forged(forge)));
  });

  it('of 100 KB is refused by the server itself', async () => {
    const answer = await me('x'.repeat(100_000));
    expect([answer.status, answer.body.code]).toEqual([431, 'request_header_fields_too_large']);
  });

  it('never makes the service fetch a key', async () => {
    const asked: string[] = [];
    const canary = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end();
    });
    canary.listen(0, '127.0.0.1').unref();
    await once(canary, 'listening');
    const place = `http://127.0.0.1:${(canary.address() as AddressInfo).port}/jwks.json`;
    for (const header of [{ jku: place }, { x5u: place }, { kid: place }, { jku: place, kid: intruder.kid }]) {
      expectInvalid(await me(forge.header(header)));
      expectInvalid(await me(forge.header(header, intruder)));
    }
    expectInvalid(await me(forge.claims({ iss: new URL(place).origin }, intruder)));
    expect(asked).toEqual([]);
    await fetch(place);
    expect(asked).toHaveLength(1);
    canary.closeAllConnections();
    canary.close();
  });

  it('is no refresh token, and the other way round', async () => {
    expectInvalid(await me(tokens.refreshToken));
    const refused = await client.post('/auth/refresh', { refreshToken: tokens.accessToken.slice(0, 512) });
    expect([refused.status, refused.body.code]).toEqual([401, 'invalid_refresh_token']);
    const whole = await client.post('/auth/refresh', { refreshToken: tokens.accessToken });
    expect([400, 401]).toContain(whole.status);
  });

  describe('is taken from the Authorization header only', () => {
    const names = ['access_token', 'token', 'jwt', 'authorization', 'refresh_token'];
    const pairs = (): string[] => names.map((name) => `${name}=${forge.good}`);
    const inBody = (): Record<string, string> => Object.fromEntries(names.map((name) => [name, forge.good]));

    it.each<[string, () => Promise<Answer>]>([
      ['the query', () => client.get(`/users/me?${pairs().join('&')}`)],
      ['a cookie', () => client.get('/users/me', { headers: { cookie: pairs().join('; ') } })],
      ['the body of a PATCH', () => client.patch('/users/me', { ...inBody(), locale: 'en' })],
      ['the body of a DELETE', () => client.delete('/users/me', { body: inBody() })],
      ['the body of a POST', () => client.post('/users/me/password', inBody())],
      ['another header', () => client.get('/users/me', { headers: { 'x-access-token': forge.good } })],
      [
        "a proxy's header",
        () => client.get('/users/me', { headers: { 'proxy-authorization': `Bearer ${forge.good}` } }),
      ],
      ['another scheme', () => client.get('/users/me', { headers: { authorization: `Token ${forge.good}` } })],
    ])('and not from %s', async (_, ask) => {
      const answer = await ask();
      expect(expectRefusal(answer)).toMatchObject({ status: 401, code: 'invalid_token' });
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      expect((await me(forge.good)).status).toBe(200);
    });
  });

  it.each([
    ['the same twice', ['Bearer good', 'Bearer good'], 401],
    ['a good one before another scheme', ['Bearer good', 'Basic YTpi'], 401],
    ['a good one behind a bad one', ['Bearer bad', 'Bearer good'], 401],
    ['one alone', ['Bearer good'], 200],
  ])('in two headers is refused: %s', async (_, values, status) => {
    const lines = values.map((value) => `Authorization: ${value.replace('good', forge.good)}`);
    const request = ['GET /users/me HTTP/1.1', 'Host: x', ...lines, 'Connection: close', '', ''].join('\r\n');
    expect((await sendRaw(Number(new URL(service.url).port), request)).status).toBe(status);
  });
});
