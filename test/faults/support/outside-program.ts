import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { accountFor } from '../../../src/platform/embedded-postgres/account.js';
import { folder } from '../../support/embedded/embedded-clusters.js';
import { until } from '../../support/time/until.js';

export interface OutsideProgram {
  stop(): Promise<void>;
}

export interface OutsideProgramOptions {
  file: string;
  args: readonly string[];
  /** What it reads, by name, in the folder that it is started in. */
  files: Readonly<Record<string, string>>;
  /** Resolves, or gives true, once it serves. */
  serves: () => Promise<boolean>;
}

/** Runs what teams put around the service. As root it borrows the account that PostgreSQL has: some refuse to be root's. */
export async function startOutsideProgram({
  file,
  args,
  files,
  serves,
}: OutsideProgramOptions): Promise<OutsideProgram> {
  const cwd = await folder();
  const account = await accountFor(cwd);
  for (const [name, text] of Object.entries(files)) {
    const written = path.join(cwd, name);
    await writeFile(written, text);
    await chmod(written, 0o600);
    if (account) await chown(written, account.uid, account.gid);
  }
  const child = spawn(file, args, { cwd, ...account, env: {}, stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const state = { failed: false };
  const fail = (): void => void (state.failed = true);
  child.on('error', ({ message }) => {
    said += message;
    fail();
  });
  child.on('exit', fail);
  await until(async () => state.failed || (await serves()), 20_000);
  if (state.failed) throw new Error(`${file} does not run: ${said}`);
  return {
    stop: async () => {
      process.removeListener('exit', kill);
      if (state.failed) return;
      const ended = once(child, 'exit');
      kill();
      await ended;
    },
  };
}
