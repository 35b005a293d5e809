// How fast the service is beside its peers, as ratios taken in one run. `npm run bench` measures all, `npm run bench -- login refresh` those parts.
// BENCH_ROUNDS (3) and BENCH_SECONDS (6) say how long. Ends with 1 when a floor is missed.
import { guarded } from './parts/guarded.mjs';
import { login, register } from './parts/login.mjs';
import { refresh } from './parts/refresh.mjs';
import { storm } from './parts/storm.mjs';
import { hasPython, preparePeers } from './peers/peers.mjs';
import { startDatabase } from './tools/database.mjs';
import { describeMachine } from './tools/machine.mjs';

const parts = { login, register, refresh, guarded, storm };
const names = /** @type {(keyof typeof parts)[]} */ (Object.keys(parts));
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !names.some((part) => part === name));
if (unknown.length > 0) throw new Error(`there is no part ${unknown.join(', ')}: there are ${names.join(', ')}`);

preparePeers();
if (!hasPython()) console.log('FastAPI is left out: bench/peers/fastapi/README.md says what to install');
const database = await startDatabase();
try {
  console.log(describeMachine(await database.version()));
  for (const name of names.filter((part) => asked.length === 0 || asked.includes(part))) {
    if (!(await parts[name](database))) process.exitCode = 1;
  }
} finally {
  await database.stop();
}
