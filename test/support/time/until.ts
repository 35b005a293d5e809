import { setTimeout as pause } from 'node:timers/promises';

/** Waits for what no event tells: asks again until there is an answer. An error counts as none. The time only ends what hangs. */
export async function until<Answer>(
  ask: () => Promise<Answer | undefined | false>,
  withinMs = 30_000,
): Promise<Answer> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await ask().catch(() => undefined);
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`no answer within ${withinMs} ms`);
    await pause(5);
  }
}
