// What the figures were measured on: without it they say nothing.
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem, type } from 'node:os';

export function describeMachine(/** @type {string} */ postgres) {
  const [cpu] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return [
    `${cpus().length} x ${cpu?.model.trim()}, ${gigabytes} GB, ${type()} ${release()}`,
    `Node ${process.versions.node}, PostgreSQL ${postgres} with synchronous_commit on, ${pythonVersion()}`,
    `load average before the first round: ${(loadavg()[0] ?? NaN).toFixed(2)} (figures of a busy machine are worth less)`,
  ].join('\n');
}

function pythonVersion() {
  try {
    return execFileSync('/usr/bin/python3', ['--version'], { encoding: 'utf8' }).trim();
  } catch {
    return 'no Python';
  }
}
