// What closing sessions costs, and how soon it is obeyed, with every part in a process of its own: `npm run bench:revocations -- [closes] [rounds]`.
// Figures in milliseconds depend on the machine and on what else it does, so its load average stands beside them.
import { endAll } from './revocations/processes.mjs';
import { measureCrowded } from './revocations/crowded.mjs';
import { measureDelays } from './revocations/delays.mjs';
import { measureStranger } from './revocations/stranger.mjs';

const CLOSES = Number(process.argv[2] ?? 200);
const ROUNDS = Number(process.argv[3] ?? 5);
const { DATABASE_URL = '' } = process.env;

try {
  if (!(await measureDelays(DATABASE_URL, CLOSES))) process.exitCode = 1;
  if (!(await measureCrowded(DATABASE_URL, ROUNDS))) process.exitCode = 1;
  if (!(await measureStranger(DATABASE_URL))) process.exitCode = 1;
} finally {
  await endAll();
}
