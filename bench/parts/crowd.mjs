import { availableParallelism } from 'node:os';

/** @typedef {import('../peers/peers.mjs').Peer} Peer */
/** @typedef {import('../tools/processes.mjs').Running} Running */

/** Enough to keep three lanes of each core at work, and few enough that nobody is turned away. */
export const CONNECTIONS = 5 * availableParallelism();

/**
 * Starts the sides, each on a database of its own, and ends them after the work.
 *
 * @template T
 * @param {import('../tools/database.mjs').Server} database
 * @param {Peer[]} peers
 * @param {number} cost of bcrypt
 * @param {(running: { peer: Peer, running: Running }[]) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withPeers(database, peers, cost, work) {
  /** @type {{ peer: Peer, running: Running }[]} */
  const started = [];
  try {
    for (const peer of peers) {
      started.push({ peer, running: await peer.start(await database.create(nameFor(peer)), cost) });
    }
    return await work(started);
  } finally {
    await Promise.all(started.map(({ running }) => running.stop()));
  }
}

let count = 0;

function nameFor(/** @type {Peer} */ { name }) {
  count += 1;
  return `${name.toLowerCase().replace(/[^a-z]/g, '_')}_${count}`;
}
