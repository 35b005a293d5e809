import { Client } from '../../support/http/client.js';
import { signedIn, stranger } from '../../support/people/people.js';
import { startService, type TestService } from '../../support/service/service.js';
import { expectShape, type ProblemBody } from '../../platform/http/support/expect-problem.js';
import { type RawAnswer, sendRaw } from '../../platform/http/support/raw-http.js';
import { traces } from '../support/refusals.js';

describe('A request', () => {
  let service: TestService;
  let client: Client;
  let port: number;
  let accessToken: string;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
    port = Number(new URL(service.url).port);
    ({ accessToken } = await signedIn(client));
  });
  afterAll(() => service.stop());

  const send = (lines: string[], body = ''): Promise<RawAnswer> =>
    sendRaw(port, [...lines, 'Connection: close', '', body].join('\r\n'));

  const expectRaw = (answer: RawAnswer, status: number, code: string): void => {
    expect(answer.status).toBe(status);
    expect(answer.text.match(/^HTTP\/1\.1 /gm)).toHaveLength(1);
    expectShape(JSON.parse(answer.body) as ProblemBody, status, code);
  };

  const login = (...headers: string[]): string[] => [
    'POST /auth/login HTTP/1.1',
    'Content-Type: application/json',
    ...headers,
  ];
  const me = (...headers: string[]): string[] => ['GET /users/me HTTP/1.1', 'Host: x', ...headers];

  it.each([
    ['no host', () => login('Content-Length: 2'), '{}', 400],
    ['two hosts', () => login('Host: x', 'Host: y', 'Content-Length: 2'), '{}', 400],
    ['two lengths', () => login('Host: x', 'Content-Length: 2', 'Content-Length: 3'), '{}', 400],
    ['two equal lengths', () => login('Host: x', 'Content-Length: 2', 'Content-Length: 2'), '{}', 400],
    [
      'a length and chunks',
      () => login('Host: x', 'Content-Length: 2', 'Transfer-Encoding: chunked'),
      '0\r\n\r\n',
      400,
    ],
    ['a length that is none', () => login('Host: x', 'Content-Length: +2'), '{}', 400],
    ['a folded header', () => me(`Authorization: Bearer`, ` ${accessToken}`), '', 400],
    ['a NUL in the token', () => me(`Authorization: Bearer ${accessToken}\u0000`), '', 400],
    ['a header of 17 KiB', () => me(`X-Large: ${'x'.repeat(17 * 1024)}`), '', 431],
    [
      '1,000 small headers of 17 KiB',
      () => me(...Array.from({ length: 1_000 }, (_, i) => `X-${i}: ${'x'.repeat(12)}`)),
      '',
      431,
    ],
  ])('with %s is refused', async (_, lines, body, status) => {
    const before = await traces(service);
    expectRaw(await send(lines(), body), status, status === 431 ? 'request_header_fields_too_large' : 'bad_request');
    expect(await traces(service)).toEqual(before);
  });

  it('that hides a second one behind its body (smuggling) gets one answer', async () => {
    const hidden = `GET /users/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${accessToken}\r\n\r\n`;
    const lines = login('Host: x', 'Transfer-Encoding: xchunked', `Content-Length: ${hidden.length}`);
    expectRaw(await send(lines, hidden), 400, 'bad_request');
  });

  it.each(['X-Forwarded-For', 'Forwarded', 'X-Real-IP', 'True-Client-IP', 'CF-Connecting-IP', 'X-Client-IP'])(
    'cannot say by %s where it comes from',
    async (name) => {
      const person = stranger();
      await client.post('/auth/register', person);
      const value = name === 'Forwarded' ? 'for=203.0.113.9' : '203.0.113.9';
      const { body } = await client.post('/auth/login', person, { headers: { [name]: value } });
      const { body: list } = await client.get('/sessions', { bearer: body.accessToken as string });
      expect(list.items).toEqual([expect.objectContaining({ ip: '127.0.0.1' })]);
      expect(service.log.join('')).not.toContain('203.0.113.9');
    },
  );

  it('cannot say by Host, X-Forwarded-Host or X-Forwarded-Proto where the service is', async () => {
    const lies = [
      'Host: evil.example',
      'X-Forwarded-Host: evil.example',
      'X-Forwarded-Proto: ftp',
      'Forwarded: host=evil.example',
    ];
    const paths = ['/.well-known/oauth-authorization-server', '/', '/openapi.json', '/docs', '/docs/', '/nothing'];
    for (const path of paths) {
      const { text } = await send([`GET ${path} HTTP/1.1`, ...lies]);
      expect(text).toMatch(/^HTTP\/1\.1 (200|302|404) /);
      expect(text).not.toMatch(/evil|ftp:/);
    }
  });

  it('with a user agent of control characters opens a session that shows it harmlessly, and at most 256 of it', async () => {
    const person = stranger();
    await client.post('/auth/register', person);
    const body = JSON.stringify(person);
    const agent = `a"b\\c\u009b31m${'x'.repeat(2_000)}`;
    const opened = await send(login('Host: x', `Content-Length: ${body.length}`, `User-Agent: ${agent}`), body);
    const { accessToken: bearer } = JSON.parse(opened.body) as { accessToken: string };
    const { body: list } = await client.get('/sessions', { bearer });
    expect(list.items).toEqual([expect.objectContaining({ userAgent: `a"b\\c\ufffd31m`.padEnd(256, 'x') })]);
  });
});
