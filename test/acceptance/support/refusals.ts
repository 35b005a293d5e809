import { expect } from '@jest/globals';
import { HashPool } from '../../../src/auth/passwords/hashing/hash-pool.service.js';
import { expectShape, type ProblemBody } from '../../platform/http/support/expect-problem.js';
import type { Answer } from '../../support/http/client.js';
import { untilNothingIsQueued } from '../../support/mail/mailed.js';
import type { TestService } from '../../support/service/service.js';

/** Holds an answer against the one shape of all refusals, whatever the reason. */
export function expectRefusal(answer: Answer): ProblemBody {
  const body = answer.body as unknown as ProblemBody;
  expect(answer.status).toBeLessThan(500);
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expectShape(body, answer.status, body.code);
  return body;
}

/** A refusal as it is compared: its status, its code, and for each wrong field the name and the code. */
export function refusal(answer: Answer): [number, string, ...string[]] {
  const { code, errors = [] } = expectRefusal(answer);
  return [answer.status, code, ...errors.map((error) => `${error.field} ${error.code}`)];
}

const KEPT = ['users', 'credentials', 'sessions', 'one_time_tokens', 'known_devices'];
const CONTENT = KEPT.map(
  (table) => `(SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM ${table} t) AS ${table}`,
);

/**
 * What an attempt may not change: how much was hashed, every row about people, and how many events there are. Looked at when
 * nothing is left to be done, for what was asked before goes on behind its answer.
 */
export async function traces(service: TestService): Promise<Record<string, unknown>> {
  await untilNothingIsQueued(service.database);
  const [rows] = await service.database.query<Record<string, unknown>>(
    `SELECT ${CONTENT.join(', ')}, (SELECT count(*) FROM audit_events) AS events`,
  );
  return { ...rows, hashed: service.app.get(HashPool, { strict: false }).jobs };
}
