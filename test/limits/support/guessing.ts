import { jest } from '@jest/globals';
import { PasswordsService } from '../../../src/auth/passwords/passwords.service.js';
import { Database } from '../../../src/platform/database/database.service.js';
import { currentRequest } from '../../../src/platform/request-context.js';
import type { TestDatabase } from '../../support/database/database.js';
import type { Answer, Client } from '../../support/http/client.js';
import { untilNothingIsQueued } from '../../support/mail/mailed.js';
import type { TestService } from '../../support/service/service.js';

/** Limits as they are out of the box, with a proxy whose word counts, so that a test may come from anywhere. */
export const LIMITED = { RATE_LIMITS: 'on', TRUSTED_PROXIES: '127.0.0.0/8' };

/** The same with so many wrong passwords in an hour: over all accounts, and from one address. */
export function limitedTo(perHour: number, perAddress: number): Record<string, string> {
  return { ...LIMITED, LOGIN_FAILURES_PER_HOUR: String(perHour), LOGIN_FAILURES_PER_ADDRESS: String(perAddress) };
}

/** A login from an address. */
export function logInFrom(client: Client, ip: string, body: object): Promise<Answer> {
  return client.post('/auth/login', body, { headers: { 'x-forwarded-for': ip } });
}

/** So many, one after the other. @returns how each was answered */
export async function inTurn(times: number, send: (i: number) => Promise<Answer>): Promise<number[]> {
  const statuses: number[] = [];
  for (let i = 0; i < times; i++) statuses.push((await send(i)).status);
  return statuses;
}

/** @returns how many passwords reach the hash of these services while the work goes on */
export async function countHashes(services: readonly TestService[], work: () => Promise<unknown>): Promise<number> {
  const spies = services.map(({ app }) => jest.spyOn(app.get(PasswordsService), 'verify'));
  await work();
  const count = spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
  spies.forEach((spy) => spy.mockRestore());
  return count;
}

const realNow = performance.now.bind(performance);
let passedMillis = 0;

/** As if this much time had passed since everything that was counted, at the database and in this process. */
export async function pass(service: TestService, seconds: number): Promise<void> {
  passedMillis += seconds * 1000;
  jest.spyOn(performance, 'now').mockImplementation(() => realNow() + passedMillis);
  await service.database.query(
    `UPDATE rate_limits
        SET shut_until = shut_until - $1 * interval '1 second', expires_at = expires_at - $1 * interval '1 second'`,
    [seconds],
  );
}

/** How many statements the requests within `work` send: what goes on behind earlier ones, in their name, is over before. */
export async function countStatements(
  database: Pick<TestDatabase, 'query'>,
  work: () => Promise<unknown>,
): Promise<number> {
  await untilNothingIsQueued(database);
  const query = Reflect.get(Database.prototype, 'query') as (...values: unknown[]) => unknown;
  let count = 0;
  // Not at the connections: those that are open have their query bound.
  const sent = jest.spyOn(Database.prototype, 'query').mockImplementation(function (this: Database, ...values) {
    if (currentRequest()) count += 1;
    return query.apply(this, values) as Promise<never>;
  });
  await work().finally(() => sent.mockRestore());
  return count;
}
