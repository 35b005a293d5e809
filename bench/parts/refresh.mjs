import { fastapi, hasPython, service } from '../peers/peers.mjs';
import { compare } from '../tools/compare.mjs';
import { refreshChains } from '../tools/load.mjs';
import { newPerson, post } from '../tools/people.mjs';
import { withPeers } from './crowd.mjs';

const FLOOR = 6;
const CLIENTS = 64;

/** Refreshes, durable, each client in a chain of its own; `npm run bench:refreshes` holds them against the bare database. */
export async function refresh(/** @type {import('../tools/database.mjs').Server} */ database) {
  return withPeers(database, [service(), ...(hasPython() ? [fastapi] : [])], 10, async (sides) => {
    const compared = [];
    for (const { peer, running } of sides) {
      const person = newPerson();
      await post(`${running.url}${peer.registerPath}`, peer.registerBody(person));
      const signIn = async () => String((await post(`${running.url}${peer.loginPath}`, person)).refreshToken);
      const run = async (/** @type {number} */ seconds) => {
        const tokens = [];
        while (tokens.length < CLIENTS) tokens.push(await signIn());
        return refreshChains(`${running.url}/auth/refresh`, { tokens, seconds });
      };
      compared.push({ name: peer.name, run, ...(peer === fastapi && { floor: FLOOR }) });
    }
    return compare(`refresh, ${CLIENTS} clients`, compared);
  });
}
