import { expect } from '@jest/globals';
import type { TestDatabase } from '../database/database.js';
import type { Answer, Client } from '../http/client.js';
import { until } from '../time/until.js';
import type { TestMailbox } from './mailbox.js';

/** Waits until nothing is left to be done after requests: what was to be mailed has been, and nothing else will be. */
export async function untilNothingIsQueued(database: Pick<TestDatabase, 'query'>): Promise<void> {
  await until(async () => (await database.query(`SELECT FROM jobs.job WHERE state < 'completed'`)).length === 0);
}

/** Asks for a link to choose a new password. @returns the token it brings */
export async function forgotPassword(client: Client, mailbox: TestMailbox, email: string): Promise<string> {
  const { status } = await client.post('/auth/forgot-password', { email });
  if (status !== 202) throw new Error(`the request for a new password answered ${status}`);
  return (await mailbox.next({ to: email, template: 'reset_password' })).token;
}

/** The answer as anybody compares it: every byte but the request's id and the date. */
function comparable({ status, headers, text }: Answer): unknown {
  const own = new Set(['date', 'x-request-id']);
  return {
    status,
    headers: [...headers].filter(([name]) => !own.has(name)),
    text: text.replace(/"requestId":"[^"]+"/, ''),
  };
}

/** The same answer to all of them. */
export async function expectAlike(answers: readonly Promise<Answer>[]): Promise<void> {
  const [first, ...others] = (await Promise.all(answers)).map(comparable);
  expect(others.length).toBeGreaterThan(0);
  for (const other of others) expect(other).toEqual(first);
}
