import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectProblem } from './support/expect-problem.js';
import { ToyService } from './support/toy-service.js';

const ID = /^[A-Za-z0-9_-]{8,64}$/;

describe('a refusal', () => {
  let toy: ToyService;
  beforeAll(async () => {
    toy = await ToyService.start();
  });
  afterAll(() => toy.stop());

  it.each([
    ['invalid', 400],
    ['unauthenticated', 401],
    ['forbidden', 403],
    ['not_found', 404],
    ['conflict', 409],
    ['too_many', 429],
    ['unavailable', 503],
  ])('of kind %s is answered %i', async (kind, status) => {
    const body = await expectProblem(await toy.fetch(`/refused/${kind}`), status, `toy_${kind}`);
    expect(body).toMatchObject({ title: `Toy ${kind.replaceAll('_', ' ')}`, detail: 'A toy is refused.' });
  });

  it('says when to come again, always on 429 and 503 and never else', async () => {
    const after = async (path: string): Promise<string | null> => (await toy.fetch(path)).headers.get('retry-after');
    expect(await after('/refused/too_many?after=30')).toBe('30');
    expect(await after('/refused/unavailable?after=0.2')).toBe('1');
    expect(await after('/refused/too_many')).toMatch(/^[12]$/);
    expect(await after('/refused/unavailable')).toMatch(/^[12]$/);
    expect(await after('/database-away')).toMatch(/^[12]$/);
    expect(await after('/refused/conflict')).toBeNull();
  });

  it("of the guard keeps the guard's code, detail and headers", async () => {
    const response = await toy.fetch('/guarded');
    expect(response.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    const body = await expectProblem(response, 401, 'invalid_token');
    expect(body).toMatchObject({ title: 'Invalid token', detail: 'The token is not valid.' });
  });

  it.each([
    [400, 400, 'bad_request'],
    [401, 401, 'unauthenticated'],
    [404, 404, 'not_found'],
    [405, 405, 'method_not_allowed'],
    [418, 418, 'bad_request'],
    [429, 429, 'too_many_requests'],
    [500, 500, 'internal_error'],
    [502, 500, 'internal_error'],
    [503, 503, 'unavailable'],
  ])('by an HttpException of status %i is answered %i %s in our own words', async (thrown, status, code) => {
    const body = await expectProblem(await toy.fetch(`/status/${thrown}`), status, code);
    expect(JSON.stringify(body)).not.toContain('canary');
  });

  it.each(['/broken', '/thrown-string', '/driver'])('of %s, a bug, is a 500 that tells nothing', async (path) => {
    const body = await expectProblem(await toy.fetch(path), 500, 'internal_error');
    expect(JSON.stringify(body)).not.toMatch(/canary|users_email_key|at /);
  });

  it('is a 503 while the database is away', async () => {
    const body = await expectProblem(await toy.fetch('/database-away'), 503, 'database_unavailable');
    expect(JSON.stringify(body)).not.toContain('canary');
  });

  it('breaks the connection when half of an answer is out', async () => {
    await expect(toy.fetch('/half').then((response) => response.text())).rejects.toThrow();
  });

  it.each(['/nothing', '/hello/', '/Hello', '//hello', '/hello%2f', '/hello;x=1', '/hello%00'])(
    'has the same shape where there is nothing: POST %s',
    async (path) => {
      await expectProblem(await toy.post(path, '{}'), 404, 'not_found');
    },
  );

  it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'POST'])(
    'names the methods to the wrong one, %s',
    async (method) => {
      const response = await toy.fetch('/hello?keep=current', { method });
      expect(response.headers.get('allow')).toBe('GET');
      await expectProblem(response, 405, 'method_not_allowed');
    },
  );

  it('answers 404 to any method where there is nothing', async () => {
    await expectProblem(await toy.fetch('/refused/', { method: 'DELETE' }), 404, 'not_found');
    await expectProblem(await toy.fetch('/refused/forbidden/more', { method: 'DELETE' }), 404, 'not_found');
  });

  it('answers 405 where only a part of the path varies', async () => {
    const response = await toy.fetch('/refused/forbidden', { method: 'DELETE' });
    expect(response.headers.get('allow')).toBe('GET');
    await expectProblem(response, 405, 'method_not_allowed');
  });

  it('answers 405 to HEAD where only GET is meant', async () => {
    const { status, headers } = await toy.fetch('/hello', { method: 'HEAD' });
    expect([status, headers.get('allow')]).toEqual([405, 'GET']);
  });

  it.each(['x-http-method-override', 'x-http-method', 'x-method-override'])('ignores %s', async (header) => {
    await expectProblem(await toy.fetch('/logout', { headers: { [header]: 'POST' } }), 405, 'method_not_allowed');
    expect((await toy.post('/logout', '{}', { [header]: 'DELETE' })).status).toBe(200);
    await expectProblem(await toy.fetch('/logout?_method=POST'), 405, 'method_not_allowed');
  });

  it('has the same shape for an address that cannot be decoded or is too long', async () => {
    await expectProblem(await toy.fetch('/refused/%zz'), 400, 'bad_request');
    await expectProblem(await toy.fetch('/%ff'), 400, 'bad_request');
    await expectProblem(await toy.fetch(`/refused/${'x'.repeat(101)}`), 414, 'uri_too_long');
  });
});

describe('a request id', () => {
  let toy: ToyService;
  beforeAll(async () => {
    toy = await ToyService.start();
  });
  afterAll(() => toy.stop());

  const idFor = async (given?: string): Promise<string | null> =>
    (await toy.fetch('/hello', given === undefined ? {} : { headers: { 'x-request-id': given } })).headers.get(
      'x-request-id',
    );

  it('is taken from the caller when it is harmless', async () => {
    expect(await idFor('trace-0123_AZ')).toBe('trace-0123_AZ');
    expect(await idFor('x'.repeat(64))).toBe('x'.repeat(64));
  });

  it.each(['short', 'x'.repeat(65), 'with space', '<script>1234', 'a"b\\c,d;e'])(
    'is made anew in place of %s',
    async (given) => {
      const id = await idFor(given);
      expect(id).toMatch(ID);
      expect(id).not.toBe(given);
    },
  );

  it('is another one each time', async () => {
    expect(await idFor()).not.toBe(await idFor());
  });
});
