// What closing sessions costs, and how soon it is obeyed, with every part in a process of its own: `npm run bench:revocations -- [closes]`.
// Figures in milliseconds depend on the machine and on what else it does, so its load average stands beside them.
import { endAll } from './revocations/processes.mjs';
import { measureDelays } from './revocations/delays.mjs';

const CLOSES = Number(process.argv[2] ?? 200);
const { DATABASE_URL = '' } = process.env;

try {
  if (!(await measureDelays(DATABASE_URL, CLOSES))) process.exitCode = 1;
} finally {
  await endAll();
}
