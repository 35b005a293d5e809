import { setTimeout as pause } from 'node:timers/promises';

/** Waits for what no event tells: asks again until there is an answer. An error counts as none. */
export async function until<Answer>(
  ask: () => Promise<Answer | undefined | false>,
  withinMs = 10_000,
): Promise<Answer> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await ask().catch(() => undefined);
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`no answer within ${withinMs} ms`);
    await pause(5);
  }
}
