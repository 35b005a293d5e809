import { afterEach, describe, expect, it } from '@jest/globals';
import { ToyService } from './support/toy-service.js';

const APP = 'https://app.example';

describe('every answer', () => {
  let toy: ToyService;
  afterEach(() => toy.stop());

  it.each(['/hello', '/nothing', '/broken', '/openapi.json'])(
    'of %s forbids a browser to make anything of it',
    async (path) => {
      toy = await ToyService.start();
      const { headers } = await toy.fetch(path);
      expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('cache-control')).toBe('no-store');
    },
  );

  it('may be kept when its handler says so', async () => {
    toy = await ToyService.start();
    expect((await toy.fetch('/kept')).headers.get('cache-control')).toBe('public, max-age=300');
  });

  it('asks for https for a year, and for upgrades, only where the issuer has it', async () => {
    toy = await ToyService.start();
    expect((await toy.fetch('/hello')).headers.get('strict-transport-security')).toBeNull();
    expect((await toy.fetch('/docs')).headers.get('content-security-policy')).not.toContain('upgrade');
    await toy.stop();
    toy = await ToyService.start({ issuerUrl: 'https://auth.example' });
    expect((await toy.fetch('/hello')).headers.get('strict-transport-security')).toMatch(/^max-age=31536000/);
    expect((await toy.fetch('/docs')).headers.get('content-security-policy')).toContain('upgrade-insecure-requests');
  });
});

describe('other origins', () => {
  let toy: ToyService;
  afterEach(() => toy.stop());

  const preflight = (origin: string): Promise<Response> =>
    toy.fetch('/people', { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });

  it('are shut out by default', async () => {
    toy = await ToyService.start();
    const response = await toy.fetch('/hello', { headers: { origin: APP } });
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect((await preflight(APP)).status).toBe(405);
  });

  it('are let in when listed, with credentials', async () => {
    toy = await ToyService.start({ corsOrigins: [APP] });
    const { headers } = await toy.fetch('/hello', { headers: { origin: APP } });
    expect(headers.get('access-control-allow-origin')).toBe(APP);
    expect(headers.get('access-control-allow-credentials')).toBe('true');
    expect(headers.get('access-control-expose-headers')).toBe(
      'x-request-id, x-device-token, retry-after, ratelimit, ratelimit-policy, www-authenticate',
    );
    expect(headers.get('vary')).toMatch(/origin/i);
    const allowed = await preflight(APP);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-methods')).toBe('GET, POST, PATCH, DELETE');
    expect(allowed.headers.get('access-control-allow-headers')).toBe(
      'authorization, content-type, x-request-id, x-device-token',
    );
    expect(allowed.headers.get('x-request-id')).toBeTruthy();
  });

  it.each(['https://evil.example', 'https://app.example.evil.example', 'http://app.example', 'null'])(
    'such as %s stay out when another is listed',
    async (origin) => {
      toy = await ToyService.start({ corsOrigins: [APP] });
      expect(
        (await toy.fetch('/hello', { headers: { origin } })).headers.get('access-control-allow-origin'),
      ).toBeNull();
      expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  it('read refusals too when they are listed', async () => {
    toy = await ToyService.start({ corsOrigins: [APP] });
    for (const path of ['/nothing', '/broken', '/guarded']) {
      expect((await toy.fetch(path, { headers: { origin: APP } })).headers.get('access-control-allow-origin')).toBe(
        APP,
      );
    }
  });
});
