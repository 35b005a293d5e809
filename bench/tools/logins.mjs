import { setTimeout as wait } from 'node:timers/promises';
import { request } from './people.mjs';

/**
 * Clients that log the person in over and over, and do as they are told: who is turned away tries again after `Retry-After`.
 *
 * @param {string} url
 * @param {object} person
 * @param {number} count how many at once
 */
export function logInOverAndOver(url, person, count) {
  const began = performance.now();
  let [ended, done, refused] = [false, 0, 0];
  const client = async () => {
    while (!ended) {
      const answer = await request(url, person);
      await answer.arrayBuffer();
      if (answer.ok) done += 1;
      else refused += 1;
      if (!answer.ok) await wait(Number(answer.headers.get('retry-after')) * 1_000);
    }
  };
  const clients = Promise.all(Array.from({ length: count }, client));
  return {
    /** @returns {Promise<{ perSecond: number, refused: number }>} */
    stop: async () => {
      const seconds = (performance.now() - began) / 1_000;
      const figures = { perSecond: done / seconds, refused };
      ended = true;
      await clients;
      return figures;
    },
  };
}
