import { execFile, spawn, spawnSync, type SpawnOptions } from 'node:child_process';
import path from 'node:path';
import type { Account } from './account.js';

/** A program exited with an error; `output` is what it printed. */
export class ProgramFailed extends Error {
  constructor(
    program: string,
    readonly output: string,
  ) {
    super(`${path.basename(program)} failed: ${output}`);
    this.name = 'ProgramFailed';
  }
}

function options(account: Account | undefined): SpawnOptions {
  return {
    ...account,
    // The borrowed account may not be allowed into our own working directory.
    cwd: path.parse(process.cwd()).root,
    // PGDATA, PGOPTIONS or LC_ALL of the caller must not affect the cluster. Windows programs need their environment.
    ...(process.platform === 'win32' ? {} : { env: {} }),
  };
}

/** Runs a program and returns its standard output. @throws ProgramFailed */
export function outputOf(file: string, args: string[], account?: Account): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(file, args, { ...options(account), encoding: 'utf8', maxBuffer: 1 << 24 }, (error, out, err) => {
      if (error) reject(new ProgramFailed(file, (err || out || error.message).trim()));
      else resolve(out);
    });
  });
}

/** Runs a program and returns its exit code, without waiting for processes that it leaves running. */
export function exitCodeOf(file: string, args: string[], account?: Account): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { ...options(account), stdio: 'ignore' });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** Runs a program synchronously, for exit handlers, where nothing can be awaited. */
export function runAtExit(file: string, args: string[], account?: Account): void {
  spawnSync(file, args, { ...options(account), stdio: 'ignore' });
}
