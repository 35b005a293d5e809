import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import fc from 'fast-check';
import { admin } from '../../admin/support/admins.js';
import { readToEnd } from '../../platform/http/support/raw-http.js';
import { expectShape, type ProblemBody } from '../../platform/http/support/expect-problem.js';
import { Receiver } from '../../signals/support/receivers.js';
import { type Answer, Client } from '../../support/http/client.js';
import { logIn, type Person } from '../../support/people/people.js';
import { startService, type TestService } from '../../support/service/service.js';
import { changesOf } from '../support/mutations.js';
import { expectRefusal } from '../support/refusals.js';

interface Operation {
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema: { $ref: string } }> };
}

interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { properties?: Record<string, { enum?: unknown[]; example?: unknown }> }> };
}

const document = JSON.parse(readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8')) as OpenApi;

/** Every operation there is, with the names that it knows and what an example of each looks like. */
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, { parameters = [], requestBody }]) => {
    const schema = requestBody?.content['application/json']?.schema.$ref.split('/').at(-1) ?? '';
    const properties = Object.entries(document.components.schemas[schema]?.properties ?? {});
    return {
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      query: parameters.filter((one) => one.in === 'query').map((one) => one.name),
      body: properties.map(([name, one]) => [name, one.example ?? one.enum?.[0]] as const),
    };
  }),
);

const anyJson = fc.jsonValue({ stringUnit: 'binary', maxDepth: 3 });
const anyText = fc.string({ unit: 'binary', maxLength: 60 });
const HEADERS = [
  ...['accept-language', 'if-none-match', 'last-event-id', 'x-request-id', 'origin', 'cookie', 'referer', 'range'],
  ...['x-forwarded-for', 'x-forwarded-host', 'forwarded', 'x-http-method-override', 'if-modified-since', 'user-agent'],
  ...['content-type', 'content-encoding', 'authorization', 'host'],
];
const headerValue = fc.oneof(
  fc.string({ maxLength: 40, unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) }),
  fc.constantFrom('application/json', '*', '0', '-1', 'gzip', 'Bearer x', 'refresh_token=x', '"x"', 'ru;q=2'),
);
const headers = fc.dictionary(fc.constantFrom(...HEADERS), headerValue, { maxKeys: 2 });

/** What goes into an operation: for each of its names something right, anything, or nothing. */
const requests = fc.constantFrom(...operations).chain((operation) =>
  fc.record({
    operation: fc.constant(operation),
    id: fc.oneof(fc.uuid(), fc.webSegment(), anyText.map(encodeURIComponent)),
    query: fc.array(
      fc.tuple(fc.constantFrom(...operation.query, 'other'), fc.oneof(anyText, fc.webQueryParameters())),
      {
        maxLength: 2,
      },
    ),
    headers,
    body: fc.oneof(
      { weight: 1, arbitrary: anyJson },
      {
        weight: 3,
        arbitrary: fc.record(
          Object.fromEntries(
            operation.body.map(([name, example]) => [
              name,
              fc.oneof(fc.constant(example), fc.constant(example), anyJson),
            ]),
          ),
          { requiredKeys: [] },
        ),
      },
    ),
  }),
);

const REQUEST = [
  'POST /auth/login?a=b HTTP/1.1',
  'Host: localhost',
  'Content-Type: application/json',
  'Authorization: Bearer a.b.c',
  'Content-Length: 44',
  'Connection: close',
  '',
  '{"email":"ada@example.com","password":"xyz"}',
].join('\r\n');

describe('Anything that can be sent to any operation', () => {
  let service: TestService;
  let client: Client;
  let person: Person;
  let bearer: string;
  const receiver = new Receiver('shop');

  beforeAll(async () => {
    service = await startService({ settings: { LOG_LEVEL: 'warn', SSF_RECEIVERS: receiver.setting } });
    client = new Client(service.url);
    ({ person, accessToken: bearer } = await admin(client, service.database));
  });
  afterAll(() => service.stop());

  const send = (method: string, path: string, body: unknown, options: object): Promise<Answer> => {
    if (method === 'GET') return client.get(path, options);
    if (method === 'DELETE') return client.delete(path, { ...options, body });
    return method === 'PATCH' ? client.patch(path, body, options) : client.post(path, body, options);
  };

  it('is answered, and refused in one form, without a bug', async () => {
    const seen = new Map<string, Set<number>>(operations.map(({ name }) => [name, new Set()]));
    const property = fc.asyncProperty(requests, async ({ operation, id, query, headers: others, body }) => {
      const asked = query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
      const path = `${operation.path.replace('{id}', id)}${asked && `?${asked}`}`;
      // Who polls, or follows the feed, may be kept waiting.
      const isPoll = operation.path === '/ssf/poll';
      const given = isPoll && typeof body === 'object' ? { ...body, returnImmediately: true } : body;
      const options = { bearer: isPoll ? receiver.token : bearer, headers: { ...others, accept: 'application/json' } };
      const answer = await send(operation.method, path, given, options);
      seen.get(operation.name)!.add(answer.status);
      if (answer.status >= 400) expectRefusal(answer);
      if (operation.method === 'DELETE' && answer.status === 204) bearer = (await logIn(client, person)).accessToken;
    });
    await fc.assert(property, { numRuns: 1_000 });
    expect([...seen].filter(([, statuses]) => statuses.size === 0)).toEqual([]);
    const done = [...seen].filter(([, statuses]) => [...statuses].some((status) => status < 400));
    expect(done.length).toBeGreaterThan(operations.length / 2);
    expect((await client.get('/users/me', { bearer })).status).toBe(200);
  });

  /** Each answer on a connection that was written to and then closed on our side. */
  const answersTo = async (bytes: Uint8Array): Promise<{ status: number; body: string }[]> => {
    const socket = connect({ port: Number(new URL(service.url).port), host: '127.0.0.1', allowHalfOpen: true });
    await once(socket, 'connect');
    socket.end(bytes);
    const { text } = await readToEnd(socket);
    return text
      .split(/(?=HTTP\/1\.1 \d{3} )/)
      .filter(Boolean)
      .map((one) => ({
        status: Number(one.slice(9, 12)),
        body: one.slice(one.indexOf('\r\n\r\n') + 4),
      }));
  };

  it.each<[string, fc.Arbitrary<Uint8Array>]>([
    ['bytes', fc.uint8Array({ minLength: 1, maxLength: 400 })],
    ['a request of which some letters are others', changesOf().map((change) => Buffer.from(change(REQUEST), 'latin1'))],
    [
      'a request with a header of any bytes',
      fc
        .uint8Array({ maxLength: 60 })
        .map((bytes) =>
          Buffer.from(
            REQUEST.replace('Authorization', `X-Any: ${Buffer.from(bytes).toString('latin1')}\r\nAuthorization`),
            'latin1',
          ),
        ),
    ],
    [
      'a request for any target by any method',
      fc
        .tuple(fc.string({ maxLength: 12 }), fc.string({ maxLength: 60 }))
        .map(([method, target]) => Buffer.from(REQUEST.replace('POST /auth/login?a=b', `${method} ${target}`))),
    ],
  ])('as %s is answered, and refused in one form, without a bug', async (_, bytes) => {
    const statuses = new Set<number>();
    const property = fc.asyncProperty(bytes, async (some) => {
      for (const { status, body } of await answersTo(some)) {
        statuses.add(status);
        expect(status).toBeLessThan(500);
        if (status < 400) continue;
        const problem = JSON.parse(body) as ProblemBody;
        expectShape(problem, status, problem.code);
      }
    });
    await fc.assert(property, { numRuns: 300 });
    expect(statuses).toContain(400);
    expect((await client.get('/health/live')).status).toBe(200);
  });
});
