import { setTimeout as pause } from 'node:timers/promises';

/** Waits for what no event tells. */
export async function until(holds: () => boolean, withinMillis = 10_000): Promise<void> {
  const deadline = performance.now() + withinMillis;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`it does not hold within ${withinMillis} ms`);
    await pause(1);
  }
}
