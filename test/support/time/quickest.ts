const ATTEMPTS = 5;

/** How long it takes. */
export async function millisOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/**
 * For what is to take less than a limit: the first of a few attempts that does, or else the shortest. A machine that is busy
 * with something else slows down one of them, what is slow by itself all.
 * @param attempt what it took, in the unit of the limit, without what had to be made ready for it
 */
export async function quickest(limit: number, attempt: () => Promise<number>): Promise<number> {
  let shortest = Infinity;
  for (let i = 0; i < ATTEMPTS && shortest >= limit; i++) shortest = Math.min(shortest, await attempt());
  return shortest;
}
