import { randomBytes } from 'node:crypto';
import { Client } from '../../support/http/client.js';
import { type MailServer, startMailServer } from '../../support/mail/mail-server.js';
import { logIn, type Person, register, stranger } from '../../support/people/people.js';
import { startService, type TestService } from '../../support/service/service.js';
import { until } from '../../support/time/until.js';
import { attribute, Collector, type SeenSpan } from './support/collector.js';

const newTrace = (): string => randomBytes(16).toString('hex');
const PARENT = 'b7ad6b7169203331';

describe('traces', () => {
  let collector: Collector;
  let mails: MailServer;
  let service: TestService;
  let client: Client;
  let person: Person;

  beforeAll(async () => {
    collector = await Collector.start();
    mails = await startMailServer();
    const settings = {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_SERVICE_NAME: 'auth-under-test',
      SMTP_URL: mails.url,
    };
    service = await startService({ settings });
    client = new Client(service.url);
    person = stranger();
    await register(client, person);
  });
  afterAll(async () => {
    await service.stop();
    await mails.stop();
    collector.stop();
  });

  const withParent = (traceId: string, flags = '01'): { headers: Record<string, string> } => ({
    headers: { traceparent: `00-${traceId}-${PARENT}-${flags}` },
  });
  const logLine = (traceId: string): Record<string, unknown> | undefined =>
    service.log.map((line) => JSON.parse(line) as Record<string, unknown>).find((line) => line.traceId === traceId);

  it('go on with the trace of the caller, and hold statements by name and both parts of hashing', async () => {
    const traceId = newTrace();
    expect((await client.post('/auth/login', person, withParent(traceId))).status).toBe(200);
    const spans = await collector.trace(traceId, 'POST /auth/login');
    const request = spans.find(({ name }) => name === 'POST /auth/login')!;
    expect(request.parentSpanId).toBe(PARENT);
    expect(attribute(request, 'http.route')).toBe('/auth/login');
    expect(attribute(request, 'http.response.status_code')).toBe(200);
    const parts = spans.filter(({ parentSpanId }) => parentSpanId === request.spanId);
    const names = parts.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['hash wait', 'hash work', 'session_insert']));
    for (const part of parts) expect(durationOf(part)).toBeGreaterThanOrEqual(0);
    const statement = parts.find(({ name }) => name === 'session_insert')!;
    expect(attribute(statement, 'db.system.name')).toBe('postgresql');
    expect(collector.services).toEqual(new Set(['auth-under-test']));
    await until(async () => logLine(traceId) !== undefined);
    expect(logLine(traceId)).toMatchObject({
      msg: 'request',
      route: '/auth/login',
      requestId: attribute(request, 'request.id'),
    });
  });

  it('of callers who do not trace begin here', async () => {
    const { accessToken } = await logIn(client, person);
    const { headers } = await client.get('/users/me', { bearer: accessToken });
    const id = headers.get('x-request-id');
    const line = (): Record<string, unknown> | undefined =>
      service.log
        .map((text) => JSON.parse(text) as Record<string, unknown>)
        .find(({ requestId, msg }) => requestId === id && msg === 'request');
    await until(async () => line() !== undefined);
    const spans = await collector.trace(String(line()!.traceId), 'GET /users/me');
    expect(spans.find(({ name }) => name === 'GET /users/me')?.parentSpanId ?? '').toBe('');
  });

  it('are not sent where the caller decided against it', async () => {
    const [unwanted, wanted] = [newTrace(), newTrace()];
    await client.get('/users/me', withParent(unwanted, '00'));
    await client.get('/users/me', withParent(wanted));
    await collector.trace(wanted, 'GET /users/me');
    expect(collector.spans.filter(({ traceId }) => traceId === unwanted)).toEqual([]);
  });

  it('say that an answer is our fault, and of a refusal that it is none', async () => {
    const [ours, theirs] = [newTrace(), newTrace()];
    await service.database.query('ALTER TABLE credentials RENAME TO credentials_away');
    expect((await client.post('/auth/login', person, withParent(ours))).status).toBe(500);
    await service.database.query('ALTER TABLE credentials_away RENAME TO credentials');
    expect((await client.post('/auth/login', { ...person, password: 'wrong' }, withParent(theirs))).status).toBe(401);
    const codeOf = async (traceId: string): Promise<number | undefined> => {
      const spans = await collector.trace(traceId, 'POST /auth/login');
      return spans.find(({ name }) => name === 'POST /auth/login')!.status.code;
    };
    expect([await codeOf(ours), await codeOf(theirs)]).toEqual([2, 0]);
  });

  it('hold the sending of mails', async () => {
    await until(async () => collector.spans.some(({ name }) => name === 'smtp send'));
    const sent = collector.spans.find(({ name }) => name === 'smtp send')!;
    expect(attribute(sent, 'template')).toBe('verify_email');
    const spans = await collector.trace(sent.traceId, 'job mail');
    expect(spans.find(({ name }) => name === 'job mail')?.spanId).toBe(sent.parentSpanId);
  });

  it('hold no password, token, email or parameter', async () => {
    const traceId = newTrace();
    const { refreshToken, accessToken } = await logIn(client, person);
    await client.post(`/auth/refresh?canary=${String(accessToken)}`, { refreshToken }, withParent(traceId));
    await collector.trace(traceId, 'POST /auth/refresh');
    const all = JSON.stringify(collector.spans);
    for (const secret of [person.email, person.password, refreshToken, accessToken, 'canary', '$1', 'SELECT ']) {
      expect(all).not.toContain(secret);
    }
  });
});

describe('a collector that is away', () => {
  it('hurts nobody, and is told once', async () => {
    const endpoint = 'http://127.0.0.1:1'; // where nothing listens, and no test can come to
    const service = await startService({ settings: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } });
    try {
      const client = new Client(service.url);
      const warnings = (): string[] => service.log.filter((line) => line.includes('traces_not_sent'));
      await until(async () => {
        expect((await client.get('/health/live')).status).toBe(200);
        return warnings().length > 0;
      });
      for (let i = 0; i < 600; i++) await client.get('/health/live'); // fills another batch, which is sent at once
      expect(warnings()).toEqual([expect.stringContaining('"level":"warn"')]);
    } finally {
      await service.stop();
    }
  });
});

function durationOf({ startTimeUnixNano, endTimeUnixNano }: SeenSpan): number {
  return Number(BigInt(endTimeUnixNano) - BigInt(startTimeUnixNano));
}
