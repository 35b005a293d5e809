import { setTimeout as pause } from 'node:timers/promises';
import type { Answer } from './client.js';

/** Pairs that race at the same time. */
const AT_ONCE = 5;
/** One in so many may be told to come again, by a service that a starved machine keeps waiting: such a race shows nothing. */
const ONE_UNDECIDED_IN = 50;
/** What a victory costs the next time. */
const STEP_MILLIS = 2;

export interface Race {
  first: () => Promise<Answer>;
  second: () => Promise<Answer>;
  /** Looks at what is left. @returns whether the first came before the second */
  judge: (first: Answer, second: Answer) => Promise<boolean>;
}

/**
 * Both at about the same moment, for each racer: who loses gets a longer lead the next time, however slow the machine is at the
 * moment.
 * @returns how many races each has won
 */
export async function raceAll<Racer>(
  racers: readonly Racer[],
  prepare: (racer: Racer) => Promise<Race>,
): Promise<{ first: number; second: number }> {
  const waiting = [...racers];
  const won = { first: 0, second: 0 };
  let undecided = 0;
  let leadMillis = 0;
  const run = async (racer: Racer): Promise<void> => {
    const { first, second, judge } = await prepare(racer);
    const lead = leadMillis + (Math.random() - 0.5) * 20;
    const [one, other] = await Promise.all([
      pause(Math.max(0, -lead)).then(first),
      pause(Math.max(0, lead)).then(second),
    ]);
    if (one.status === 503 || other.status === 503) return void (undecided += 1);
    const firstWon = await judge(one, other);
    won[firstWon ? 'first' : 'second'] += 1;
    leadMillis += firstWon ? -STEP_MILLIS : STEP_MILLIS;
  };
  while (waiting.length > 0) await Promise.all(waiting.splice(0, AT_ONCE).map(run));
  if (undecided > racers.length / ONE_UNDECIDED_IN)
    throw new Error(`${undecided} of ${racers.length} were answered 503`);
  return won;
}
