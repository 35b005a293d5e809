import { readFileSync, rmSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';

/** What a running PostgreSQL notes about itself in its data directory. */
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

/** Who serves the data directory now; null when nobody does, whatever a killed server left behind. */
export async function postmasterOf(data: string): Promise<Postmaster | null> {
  const noted = parse(await readFile(pidFile(data), 'utf8').catch(() => ''));
  return noted && (await serves(noted.pid, data)) ? noted : null;
}

/**
 * PostgreSQL ignores a postmaster.pid whose process is gone. After a crash or in a restarted container that number may
 * be another program's by now, and then it would refuse to start: that case is cleared here.
 */
export async function dropStalePidFile(data: string): Promise<void> {
  const file = pidFile(data);
  const before = await readFile(file, 'utf8').catch(() => '');
  const noted = parse(before);
  if (!noted || (await serves(noted.pid, data))) return;
  try {
    // In one go, lest it be the note of a server that another start brought up meanwhile.
    if (readFileSync(file, 'utf8') === before) rmSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Whether the process is PostgreSQL on this data directory, which is where it works; in doubt, yes. */
async function serves(pid: number, data: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform !== 'linux') return true;
  const here = await stat(data);
  const there = await stat(`/proc/${pid}/cwd`).catch(() => null);
  if (there) return there.dev === here.dev && there.ino === here.ino;
  // Root without CAP_SYS_PTRACE, as in a container, may not see that of another account's process.
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
