import { afterEach, describe, expect, it } from '@jest/globals';
import { type ArgumentsHost, Catch, type ExceptionFilter, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AccessDenied, AuthGuardModule, InvalidToken, type KeySource, KeysUnavailable } from '../../src/index.js';
import { closeApps, get, NotesController, platformNames, serve, serveGuarded } from '../support/apps.js';
import { ISSUER, newKey, NOW_SECONDS, sourceOf, token, tokenWithClaims, tokenWithHeader } from '../support/tokens.js';

const key = newKey();
const good = `Bearer ${token(key)}`;

afterEach(closeApps);

describe.each(platformNames)('keys out of reach on %s', (platform) => {
  const failing: Record<string, [KeySource, string]> = {
    'and the source says so at once': [{ find: () => fail(new KeysUnavailable()) }, '5'],
    'and the source says so later': [{ find: () => Promise.reject(new KeysUnavailable(undefined, 30)) }, '30'],
    'and the source fails in its own way': [{ find: () => Promise.reject(new Error('ECONNREFUSED 10.0.0.1')) }, '5'],
  };

  it.each(Object.keys(failing))('answer 503, not 401: %s', async (name) => {
    const [keys, retryAfter] = failing[name] ?? [sourceOf(), ''];
    const { url } = await serveGuarded({ keys }, platform);
    const answer = await get(`${url}/me`, good);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe(retryAfter);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json(;|$)/);
    expect(answer.body).toEqual({
      type: 'about:blank',
      title: 'Service Unavailable',
      status: 503,
      detail: 'Cannot verify access tokens right now.',
      code: 'keys_unavailable',
    });
  });

  it('leave public routes and requests without a good form alone', async () => {
    const { url } = await serveGuarded({ keys: { find: () => fail(new KeysUnavailable()) } }, platform);
    expect((await get(`${url}/open`)).status).toBe(200);
    expect((await get(`${url}/me`)).status).toBe(401);
    expect((await get(`${url}/me`, 'Bearer nonsense')).status).toBe(401);
  });
});

it('a key source is asked for well-formed key ids only, and only for tokens of the right form', async () => {
  const asked: string[] = [];
  const { url } = await serveGuarded({ keys: { find: (kid) => void asked.push(kid) } });
  const malformed = [{ kid: '../x' }, { kid: ['a'] }, { typ: 'JWT' }, { alg: 'none' }, { crit: ['x'] }, { jku: url }];
  for (const header of malformed) await get(`${url}/me`, `Bearer ${tokenWithHeader(key, header)}`);
  for (const sent of [`${good}.e30`, 'Bearer nonsense', `${good}=`]) await get(`${url}/me`, sent);
  await get(`${url}/me`, good);
  expect(asked).toEqual([key.kid]);
});

describe('what a refusal says to a log', () => {
  async function refusalOf(keys: KeySource, authorization: string): Promise<unknown> {
    const caught: unknown[] = [];
    const filter = { provide: APP_FILTER, useValue: catching(caught) };

    @Module({
      imports: [AuthGuardModule.forRoot({ issuer: ISSUER, keys, clock: () => NOW_SECONDS * 1000 })],
      controllers: [NotesController],
      providers: [filter],
    })
    class AppModule {}

    const { url } = await serve(AppModule);
    await get(`${url}/me`, authorization);
    return caught[0];
  }

  it.each([
    ['it has expired', tokenWithClaims(key, { exp: 1 })],
    ['alg is not ES256', tokenWithHeader(key, { alg: 'none' })],
    ['the header is not JSON', token(key, { header: 'canary' })],
    ['the header is not a JSON object', token(key, { header: 'null' })],
    ['the header is not a JSON object', token(key, { header: '[]' })],
    ['the payload is not a JSON object', token(key, { payload: 'null' })],
    ['the payload is not a JSON object', token(key, { payload: '[]' })],
    ['the signature does not verify', token(newKey(key.kid))],
    ['the issuer has no key with this kid', token(newKey())],
  ])('is why: %s', async (reason, sent) => {
    const refusal = await refusalOf(sourceOf(key), `Bearer ${sent}`);
    expect(refusal).toBeInstanceOf(AccessDenied);
    expect((refusal as AccessDenied).cause).toBeInstanceOf(InvalidToken);
    expect(refusal).toMatchObject({ cause: { name: 'InvalidToken', reason } });
    expect(JSON.stringify((refusal as AccessDenied).getResponse())).not.toContain(reason);
  });

  it('holds what went wrong with the keys', async () => {
    const cause = new Error('ECONNREFUSED');
    const refusal = await refusalOf({ find: () => Promise.reject(cause) }, good);
    expect((refusal as AccessDenied).cause).toBeInstanceOf(KeysUnavailable);
    expect(refusal).toMatchObject({ cause: { cause } });
  });
});

function fail(error: Error): never {
  throw error;
}

function catching(caught: unknown[]): ExceptionFilter {
  @Catch()
  class Catching implements ExceptionFilter {
    catch(exception: unknown, host: ArgumentsHost): void {
      caught.push(exception);
      host.getArgByIndex<{ send(body: object): void }>(1).send({});
    }
  }

  return new Catching();
}
