import { betterAuth, fastapi, hasPython, service, tutorial } from '../peers/peers.mjs';
import { compare } from '../tools/compare.mjs';
import { load } from '../tools/load.mjs';
import { newPerson, post } from '../tools/people.mjs';
import { CONNECTIONS, withPeers } from './crowd.mjs';

const FLOORS = { native: 1.7, FastAPI: 2, 'better-auth': 2.2, 'Nest tutorial': 10 };
/** Those of the default and of the least that production accepts. */
const COSTS = [10, 12];

/** Logins and registrations: what they cost is the hash. */
export async function login(/** @type {import('../tools/database.mjs').Server} */ database) {
  return hashing(database, 'login', async ({ peer, running }) => {
    const person = newPerson();
    await post(`${running.url}${peer.registerPath}`, peer.registerBody(person));
    return { url: `${running.url}${peer.loginPath}`, body: () => person };
  });
}

export async function register(/** @type {import('../tools/database.mjs').Server} */ database) {
  return hashing(database, 'register', async ({ peer, running }) => ({
    url: `${running.url}${peer.registerPath}`,
    body: () => peer.registerBody(newPerson()),
  }));
}

/**
 * @param {import('../tools/database.mjs').Server} database
 * @param {string} what
 * @param {(side: { peer: import('./crowd.mjs').Peer, running: import('./crowd.mjs').Running }) => Promise<{ url: string, body: () => object }>} prepare
 */
async function hashing(database, what, prepare) {
  const peers = [
    service(),
    service({ name: 'native', preload: 'native.preload.mjs' }),
    betterAuth,
    tutorial,
    ...(hasPython() ? [fastapi] : []),
  ];
  let held = true;
  for (const cost of COSTS) {
    const result = await withPeers(database, peers, cost, async (sides) => {
      const compared = [];
      for (const side of sides) {
        const { url, body } = await prepare(side);
        const { name } = side.peer;
        const floor = FLOORS[/** @type {keyof typeof FLOORS} */ (name)];
        const run = (/** @type {number} */ seconds) =>
          load(url, { method: 'POST', body, connections: CONNECTIONS, seconds });
        compared.push({ name, floor, run });
      }
      return compare(`${what}, bcrypt of cost ${cost}, ${CONNECTIONS} connections`, compared);
    });
    held &&= result;
  }
  return held;
}
