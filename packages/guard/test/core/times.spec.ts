import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closeApps, get, type RunningApp, serveGuarded } from '../support/apps.js';
import { type Json, newKey, sourceOf, tokenWithClaims } from '../support/tokens.js';

const key = newKey();

// Years before and after any in which the tests may run: only the clock that is given may count.
describe.each([1_000_000_000, 4_000_000_000])('the time %d', (iat) => {
  const exp = iat + 600;
  let app: RunningApp;
  let nowMs: number;

  beforeAll(async () => {
    app = await serveGuarded({ keys: sourceOf(key), clock: () => nowMs });
  });
  afterAll(closeApps);

  async function statusAt(seconds: number, changes: Json = {}): Promise<number> {
    nowMs = seconds * 1000;
    return (await get(`${app.url}/me`, `Bearer ${tokenWithClaims(key, { iat, exp, ...changes })}`)).status;
  }

  it.each([
    ['at its issue', iat, 200],
    ['when this clock is 30 s behind the issuer', iat - 30, 200],
    ['when this clock is more than 30 s behind', iat - 30.001, 401],
    ['a moment before its end', exp - 0.001, 200],
    ['at its end', exp, 200],
    ['when this clock is nearly 30 s ahead', exp + 29.999, 200],
    ['when this clock is 30 s ahead', exp + 30, 401],
    ['long after its end', exp + 1_000_000, 401],
  ])('decides about a token %s', async (_when, now, status) => {
    expect(await statusAt(now)).toBe(status);
  });

  it('decides about nbf with the same tolerance', async () => {
    expect(await statusAt(iat, { nbf: iat + 30 })).toBe(200);
    expect(await statusAt(iat, { nbf: iat + 31 })).toBe(401);
  });

  it('may jump back: nothing is remembered of a later time', async () => {
    expect(await statusAt(exp + 31)).toBe(401);
    expect(await statusAt(iat)).toBe(200);
    expect(await statusAt(iat - 3600)).toBe(401);
  });
});

describe('without a clock of its own', () => {
  afterAll(closeApps);

  it('the guard goes by the time of the system', async () => {
    const app = await serveGuarded({ keys: sourceOf(key), clock: undefined });
    const now = Math.floor(Date.now() / 1000);
    const fresh = tokenWithClaims(key, { iat: now, exp: now + 60 });
    const stale = tokenWithClaims(key, { iat: now - 120, exp: now - 60 });
    expect((await get(`${app.url}/me`, `Bearer ${fresh}`)).status).toBe(200);
    expect((await get(`${app.url}/me`, `Bearer ${stale}`)).status).toBe(401);
  });
});
