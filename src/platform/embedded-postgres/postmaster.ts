import { readFileSync, rmSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';

/** Contents of the `postmaster.pid` that a running PostgreSQL keeps in its data directory. */
export interface Postmaster {
  pid: number;
  port: number;
}

const pidFile = (data: string): string => path.join(data, 'postmaster.pid');

function parse(text: string): Postmaster | null {
  const lines = text.split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return pid > 0 && port > 0 ? { pid, port } : null;
}

/** The process that serves the data directory; null if there is none, even if a killed server left its file. */
export async function postmasterOf(data: string): Promise<Postmaster | null> {
  const noted = parse(await readFile(pidFile(data), 'utf8').catch(() => ''));
  return noted && (await serves(noted.pid, data)) ? noted : null;
}

/**
 * Removes a stale postmaster.pid. PostgreSQL ignores the file if its process is gone. But after a crash, or in a restarted
 * container, another program may have the same process id, and PostgreSQL would refuse to start.
 */
export async function dropStalePidFile(data: string): Promise<void> {
  const file = pidFile(data);
  const before = await readFile(file, 'utf8').catch(() => '');
  const noted = parse(before);
  if (!noted || (await serves(noted.pid, data))) return;
  try {
    // Read and removed synchronously, so that it is not the file of a server that was started meanwhile.
    if (readFileSync(file, 'utf8') === before) rmSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Whether the process is PostgreSQL on this data directory, which is its working directory. True if in doubt. */
async function serves(pid: number, data: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform !== 'linux') return true;
  const here = await stat(data);
  const there = await stat(`/proc/${pid}/cwd`).catch(() => null);
  if (there) return there.dev === here.dev && there.ino === here.ino;
  // Without CAP_SYS_PTRACE, as in a container, root cannot see the working directory of another account's process.
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => 'postgres, perhaps');
  return command.includes('postgres');
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
