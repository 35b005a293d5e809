import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closeApps, get, platformNames, type RunningApp, serveGuarded } from '../support/apps.js';
import { getRaw } from '../support/raw.js';
import { newKey, sourceOf, token } from '../support/tokens.js';

const key = newKey();
const good = token(key);
const MISSING = /^www-authenticate: Bearer\r$/im;
const INVALID = /^www-authenticate: Bearer error="invalid_token"/im;

describe.each(platformNames)('the place of a token on %s', (platform) => {
  let app: RunningApp;

  beforeAll(async () => {
    app = await serveGuarded({ keys: sourceOf(key) }, platform);
  });
  afterAll(closeApps);

  it.each(['Bearer', 'bearer', 'BEARER'])('is the Authorization header, with the scheme written %s', async (scheme) => {
    expect(await getRaw(app.port, '/me', [`AUTHORIZATION: ${scheme} ${good}`])).toMatch(/^HTTP\/1.1 200 /);
  });

  it.each([
    [`Authorization: Bearer ${good}`, `Authorization: Bearer ${good}`],
    [`Authorization: Bearer ${good}`, 'authorization: Basic YTpi'],
    ['Authorization: Basic YTpi', `AUTHORIZATION: Bearer ${good}`],
    [`Authorization: Bearer ${good}`, 'X-Between: 1', 'Authorization:'],
  ])('is refused when the header comes more than once: %#', async (...lines) => {
    const answer = await getRaw(app.port, '/me', lines);
    expect(answer).toMatch(/^HTTP\/1.1 401 /);
    expect(answer).toMatch(INVALID);
  });

  it('is not disturbed by a header whose value is the word authorization', async () => {
    const lines = ['X-Name: authorization', 'X-Other: Authorization', `Authorization: Bearer ${good}`];
    expect(await getRaw(app.port, '/me', lines)).toMatch(/^HTTP\/1.1 200 /);
  });

  it.each([
    `Bearer  ${good}`,
    `Bearer ${good} ${good}`,
    `Bearer ${good},`,
    `Bearer ${good}, Bearer ${good}`,
    `Bearer "${good}"`,
  ])('is refused after anything but one space and nothing else: %#', async (value) => {
    const answer = await getRaw(app.port, '/me', [`Authorization: ${value}`]);
    expect(answer).toMatch(/^HTTP\/1.1 401 /);
    expect(answer).toMatch(INVALID);
  });

  it.each([
    'Bearer',
    'Bearer ',
    `Basic ${good}`,
    `Token ${good}`,
    good,
    `Bearer\t${good}`,
    `BearerX ${good}`,
    `X Bearer ${good}`,
    '',
  ])('is empty when there is no bearer token in the header: %#', async (value) => {
    const answer = await getRaw(app.port, '/me', [`Authorization: ${value}`]);
    expect(answer).toMatch(/^HTTP\/1.1 401 /);
    expect(answer).toMatch(MISSING);
  });

  it('is never the query, the body, a cookie or another header', async () => {
    const names = ['access_token', 'token', 'jwt', 'auth_token', 'authorization', 'Authorization'];
    const query = names.map((name) => `${name}=${good}`).join('&');
    const response = await fetch(`${app.url}/me?${query}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        cookie: names.map((name) => `${name}=${good}`).join('; '),
        'proxy-authorization': `Bearer ${good}`,
        'x-access-token': good,
      },
      body: JSON.stringify(Object.fromEntries(names.map((name) => [name, good]))),
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('is that header alone, even where the options say where tokens are', async () => {
    const { url } = await serveGuarded({ keys: sourceOf(key), tokenFrom: () => good }, platform);
    expect((await get(`${url}/me`)).status).toBe(401);
    expect((await get(`${url}/me`, `Bearer ${good}`)).status).toBe(200);
  });

  it('when nothing is sent gets a challenge without an error, and a problem document', async () => {
    const answer = await get(`${app.url}/me`);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json(;|$)/);
    expect(answer.body).toEqual({
      type: 'about:blank',
      title: 'Unauthorized',
      status: 401,
      detail: 'This request needs an access token in the Authorization header.',
      code: 'invalid_token',
    });
  });
});
