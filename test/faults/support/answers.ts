import type { Answer } from '../../support/http/client.js';

/** What a request that needs the database is told while the database is in trouble. */
export const unavailable = expect.objectContaining({
  status: 503,
  body: expect.objectContaining({ code: 'database_unavailable' }),
}) as Answer;

/** An answer, and how long its caller waited for it. */
export interface Timed extends Answer {
  millis: number;
}

export async function timed(asked: () => Promise<Answer>): Promise<Timed> {
  const begun = performance.now();
  const answer = await asked();
  return { ...answer, millis: performance.now() - begun };
}
