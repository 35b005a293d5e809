import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeEach, afterEach, describe, expect, it } from '@jest/globals';
import { held } from './support/toy.module.js';
import { sendRaw } from './support/raw-http.js';
import { ToyService } from './support/toy-service.js';

describe('the log', () => {
  let toy: ToyService;
  beforeEach(async () => {
    toy = await ToyService.start();
  });
  afterEach(() => toy.stop());
  afterAll(() => void held.splice(0));

  it('holds one line per request', async () => {
    const response = await toy.fetch('/refused/conflict?after=canary', { headers: { 'user-agent': 'test/1' } });
    const [line, ...more] = await toy.log.requests(1);
    expect(more).toEqual([]);
    expect(line).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      requestId: response.headers.get('x-request-id'),
      method: 'GET',
      route: '/refused/:kind',
      status: 409,
      durationMs: expect.any(Number),
      ip: '127.0.0.1',
      userAgent: 'test/1',
      code: 'toy_conflict',
      msg: 'request',
    });
  });

  it('holds nothing of the body, the query, the headers or the address', async () => {
    await toy.post('/people', JSON.stringify({ email: 'canary@example.com', password: 'canary' }), {
      authorization: 'Bearer canary',
      cookie: 'toy=canary',
      origin: 'https://canary.example',
    });
    await toy.post('/people', 'canary');
    await toy.fetch('/hello?canary=canary');
    await toy.fetch('/canary/canary');
    await toy.fetch('/%zz-canary');
    await toy.log.requests(5);
    expect(toy.log.text).not.toContain('canary');
  });

  it.each([
    ['colours', '\u001b[31mred'],
    ['colours by a single byte', '\u009b31mred'],
    ['a line of its own', 'a\r\n {"level":"info","msg":"request"}'],
    ['a next line', 'a\u0085{"level":"info","msg":"request"}'],
    ['quotes', '","msg":"request","forged":"'],
  ])('cannot be given %s by a user agent', async (_what, agent) => {
    const text = `GET /hello HTTP/1.1\r\nHost: x\r\nUser-Agent: ${agent}\r\nConnection: close\r\n\r\n`;
    await sendRaw(toy.port, text);
    await toy.fetch('/hello');
    await toy.log.requests(1);
    expect(toy.log.raw.every((line) => line.indexOf('\n') === line.length - 1)).toBe(true);
    expect(toy.log.text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(toy.log.text).not.toContain('"forged":');
  });

  it('keeps at most 256 characters of a user agent', async () => {
    await toy.fetch('/hello', { headers: { 'user-agent': 'x'.repeat(1_000) } });
    const [line] = await toy.log.requests(1);
    expect(line?.userAgent).toBe('x'.repeat(256));
  });

  it('tells what went wrong on our side', async () => {
    await toy.fetch('/broken');
    const [line] = await toy.log.requests(1);
    expect(line).toMatchObject({
      level: 'error',
      code: 'internal_error',
      error: {
        name: 'TypeError',
        message: 'canary-bug is not a function',
        stack: expect.stringContaining('toy.module'),
      },
    });
  });

  it("keeps of a driver's error only what holds no value", async () => {
    await toy.fetch('/driver');
    const [line] = await toy.log.requests(1);
    expect(line?.error).toEqual({
      name: 'QueryFailedError',
      sqlState: '23505',
      table: 'users',
      constraint: 'users_email_key',
      stack: expect.stringMatching(/^\s+at /),
    });
    expect(toy.log.text).not.toContain('canary');
  });

  it('tells of a caller who went away', async () => {
    const socket = connect(toy.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('GET /held HTTP/1.1\r\nHost: x\r\n\r\n');
    while (held.length === 0) await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    const [line] = await toy.log.requests(1);
    expect(line).toMatchObject({ route: '/held', status: null, aborted: true });
    held.splice(0).forEach(({ release }) => release());
  });

  it('counts preflights, odd targets and undecodable addresses as requests', async () => {
    await toy.fetch('/hello', { method: 'OPTIONS' });
    await sendRaw(toy.port, 'GET *hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    await toy.fetch('/%zz');
    const lines = await toy.log.requests(3);
    expect(lines.map(({ status }) => status)).toEqual([405, 404, 400]);
    expect(lines[0]?.route).toBe('unmatched');
  });

  it.each([
    ['garbage', 'canary\r\n\r\n', { method: null, status: 400, code: 'bad_request' }],
    [
      'headers of 17 KiB',
      `GET /hello HTTP/1.1\r\nHost: x\r\nUser-Agent: ${'canary'.repeat(3_000)}\r\n\r\n`,
      { method: null, status: 431, code: 'request_header_fields_too_large' },
    ],
    ['a tunnel', 'CONNECT canary.example:443 HTTP/1.1\r\n\r\n', { method: 'CONNECT', status: 405 }],
  ])('holds one line for %s, which never becomes a request', async (_what, text, expected) => {
    const { body } = await sendRaw(toy.port, text);
    const [line, ...more] = await toy.log.requests(1);
    expect(more).toEqual([]);
    expect(line).toMatchObject({ level: 'info', route: 'unreadable', ip: '127.0.0.1', userAgent: null, ...expected });
    expect(line?.requestId).toBe((JSON.parse(body) as { requestId: string }).requestId);
    expect(toy.log.text).not.toContain('canary');
  });

  it('holds one line for a request whose body turns to garbage, and it says so', async () => {
    const head =
      'POST /people HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
    const { body } = await sendRaw(toy.port, head, 'canary\r\n');
    const [line, ...more] = await toy.log.requests(1);
    expect(more).toEqual([]);
    expect(line).toMatchObject({ method: 'POST', route: '/people', status: 400, code: 'bad_request' });
    expect(line?.requestId).toBe((JSON.parse(body) as { requestId: string }).requestId);
  });

  it('warns of an answer that says the service cannot serve', async () => {
    await toy.fetch('/database-away');
    const [line] = await toy.log.requests(1);
    expect(line).toMatchObject({
      level: 'warn',
      status: 503,
      code: 'database_unavailable',
      error: { name: 'Error' },
    });
  });

  it('whispers of what machines ask every few seconds, while it succeeds', async () => {
    await toy.fetch('/quiet');
    await toy.fetch('/quiet?fail=yes');
    const lines = await toy.log.requests(2);
    expect(lines.map(({ level, status }) => [level, status])).toEqual([
      ['debug', 200],
      ['warn', 503],
    ]);
  });

  it('names who made the request by their id alone', async () => {
    await toy.fetch('/mine');
    const [line] = await toy.log.requests(1);
    expect(line?.userId).toBe('user-1');
    expect(toy.log.text).not.toContain('canary');
  });
});
