import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { register, stranger } from '../support/people/people.js';
import { type RawAnswer, sendRaw } from '../platform/http/support/raw-http.js';
import { type Replicas, startReplicas } from '../support/service/replicas.js';

const OVERRIDES = ['X-HTTP-Method-Override: PUT', 'X-HTTP-Method: PUT', 'X-Method-Override: PUT'];
/** Nobody here is a proxy of ours: what they say of addresses is a caller's own word. */
const claims = (i: number): string[] => [
  `X-Forwarded-For: 203.0.113.${i}`,
  `Forwarded: for=203.0.113.${i}`,
  `X-Real-IP: 203.0.113.${i}`,
];
/** What a router takes for a plain letter. */
const PATHS = ['/auth/login', '/auth/%6cogin', '/%61uth/login', '/auth/logi%6E', '/auth/login?a=b', '/auth/login#x'];

const five = (status: number): number[] => Array<number>(5).fill(status);

describe('A limit', () => {
  let replicas: Replicas;

  beforeAll(async () => {
    replicas = await startReplicas({ RATE_LIMITS: 'on', REQUESTS_PER_ADDRESS: '5' }, 3);
  });
  afterAll(() => replicas.stop());

  /** To each replica in turn. */
  const post = (i: number, path: string, headers: string[], body: object): Promise<RawAnswer> => {
    const text = JSON.stringify(body);
    const port = Number(new URL(replicas.services[i % 3]!.url).port);
    const lines = [`POST ${path} HTTP/1.1`, 'Host: x', 'Content-Type: application/json', ...headers];
    return sendRaw(port, [...lines, `Content-Length: ${text.length}`, 'Connection: close', '', text].join('\r\n'));
  };

  it('for an account is one for every spelling of the route, at each of three replicas', async () => {
    const person = stranger();
    await register(replicas.next(), person);
    const statuses: number[] = [];
    for (let i = 0; i < 10; i += 1) {
      const wrong = { ...person, password: `a password of others, ${i}` };
      statuses.push((await post(i, PATHS[i % PATHS.length]!, OVERRIDES, wrong)).status);
    }
    expect(statuses).toEqual([...five(401), ...five(429)]);
    for (const [i, path] of PATHS.entries()) {
      const answer = await post(i, path, OVERRIDES, person); // the right password does not help either
      expect([path, answer.status]).toEqual([path, 429]);
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'too_many_requests' });
      expect(answer.text).toMatch(/^retry-after: \d+\r$/m);
    }
  });

  it('for an address is not got round by what a caller says of addresses, at any of three replicas', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 10; i += 1) {
      const path = i % 2 ? '/auth/forgot-password' : '/auth/%66orgot-password';
      statuses.push((await post(i, path, claims(i), { email: stranger().email })).status);
    }
    expect(statuses).toEqual([...five(202), ...five(429)]);
  });
});
