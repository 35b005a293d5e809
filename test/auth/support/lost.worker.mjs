import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

if (existsSync(path.join(tmpdir(), `hash-worker-lost-${process.pid}`))) throw new Error('lost at the start');

/**
 * A worker that is lost in the way that the password says.
 * @param {{ jobs: { password: string }[] }} batch
 */
export default async function lost({ jobs }) {
  const [password] = jobs.map((job) => job.password);
  if (password === 'exit') process.exit(1);
  if (password === 'throw') throw new Error('thrown');
  if (password === 'hang') await wait(60_000);
  return { digests: jobs.map(() => new Uint8Array(23)), millis: 1, trouble: null };
}
