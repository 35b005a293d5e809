import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fastapi, hasPython, startBareFastify, tutorial } from '../peers/peers.mjs';
import { compare } from '../tools/compare.mjs';
import { load } from '../tools/load.mjs';
import { newPerson, post } from '../tools/people.mjs';
import { publish } from '../tools/issuer.mjs';
import { withPeers } from './crowd.mjs';

const CONNECTIONS = 32;

/** A guarded GET with a token that was seen before, and the same bytes from a route that asks for nothing. */
export async function guarded(/** @type {import('../tools/database.mjs').Server} */ database) {
  const published = await publish();
  const app = fork(path.join(import.meta.dirname, '../guard.app.mjs'), [published.issuer]);
  const [appUrl] = await once(app, 'message');
  const bare = await startBareFastify();
  try {
    return await withPeers(database, [tutorial, ...(hasPython() ? [fastapi] : [])], 10, async (sides) => {
      const own = { name: 'guard', run: get(appUrl, published.token) };
      const ceiling = { name: 'bare Fastify', floor: 0.65, run: get(bare.url, published.token) };
      /** @type {import('../tools/compare.mjs').Side[]} */
      const compared = [own, ceiling];
      for (const { peer, running } of sides) {
        const token = await tokenOf(peer, running);
        compared.push({ name: peer.name, floor: peer === fastapi ? 5 : 15, run: get(running.url, token) });
      }
      return compare(`guarded GET, token seen before, ${CONNECTIONS} connections`, compared);
    });
  } finally {
    app.kill();
    await bare.stop();
    published.close();
  }
}

function get(/** @type {string} */ url, /** @type {string} */ token) {
  const headers = { authorization: `Bearer ${token}` };
  return (/** @type {number} */ seconds) => load(`${url}/guarded`, { headers, connections: CONNECTIONS, seconds });
}

async function tokenOf(
  /** @type {import('./crowd.mjs').Peer} */ peer,
  /** @type {import('./crowd.mjs').Running} */ running,
) {
  const person = newPerson();
  await post(`${running.url}${peer.registerPath}`, peer.registerBody(person));
  return String((await post(`${running.url}${peer.loginPath}`, person)).accessToken);
}
