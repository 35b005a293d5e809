import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closeApps, get, platformNames, type RunningApp, serveGuarded } from '../support/apps.js';
import { tokenCases } from '../support/token-cases.js';
import { headerOf, newKey, sourceOf, token, USER_ID } from '../support/tokens.js';

const { key, otherCurve, accepted, refused } = tokenCases();
const good = token(key);
const stranger = newKey(key.kid);
const jwk = stranger.publicKey.export({ format: 'jwk' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

describe.each(platformNames)('a token on %s', (platform) => {
  let app: RunningApp;

  beforeAll(async () => {
    app = await serveGuarded({ keys: sourceOf(key, otherCurve) }, platform);
  });
  afterAll(closeApps);

  it.each(Object.keys(accepted))('is accepted %s', async (name) => {
    expect(await get(`${app.url}/me`, `Bearer ${accepted[name]}`)).toMatchObject({
      status: 200,
      body: { userId: USER_ID },
    });
  });

  it.each(Object.keys(refused))('is refused: %s', async (name) => {
    const answer = await get(`${app.url}/me`, `Bearer ${refused[name]}`);
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual({
      type: 'about:blank',
      title: 'Unauthorized',
      status: 401,
      detail: 'The access token is invalid or has expired.',
      code: 'invalid_token',
    });
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json(;|$)/);
    expect(answer.headers.get('www-authenticate')).toBe(
      'Bearer error="invalid_token", error_description="The access token is invalid or has expired."',
    );
  });

  it('of 100 KB is refused by the server itself', async () => {
    const response = await fetch(`${app.url}/me`, { headers: { authorization: `Bearer ${'x'.repeat(100_000)}` } });
    expect(response.status).toBe(431);
  });

  it('is refused when its owner names the place of the keys, and that place is never asked', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end(JSON.stringify({ keys: [{ ...jwk, kid: 'theirs' }] }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const place = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
    for (const header of [{ jku: `${place}/jku` }, { x5u: `${place}/x5u` }, { kid: `${place}/kid` }, { iss: place }]) {
      const forged = token(stranger, { header: { ...headerOf(stranger), ...header } });
      expect((await get(`${app.url}/me`, `Bearer ${forged}`)).status).toBe(401);
    }
    expect(asked).toEqual([]);
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('a key source that gives out a wrong kind of key', () => {
  afterAll(closeApps);

  const wrong = {
    'the private key': key.privateKey,
    'an RSA key': rsa.publicKey,
    'a key on another curve': otherCurve.publicKey,
  };

  it.each(Object.keys(wrong) as (keyof typeof wrong)[])('accepts nobody: %s', async (name) => {
    const app = await serveGuarded({ keys: { find: () => wrong[name] } });
    expect((await get(`${app.url}/me`, `Bearer ${good}`)).status).toBe(401);
  });
});
