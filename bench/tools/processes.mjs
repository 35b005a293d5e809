// Starts what is measured, each in a process of its own, and ends it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../../scripts/free-port.mjs';

/**
 * @typedef {object} Program
 * @property {string} command
 * @property {string[]} args
 * @property {string} [cwd]
 * @property {Record<string, string>} env besides PATH, HOME and PORT
 * @property {string} ready a path that answers, whatever it answers, once the program serves
 *
 * @typedef {{ url: string, pid: number, stop: () => Promise<void> }} Running
 */

/** What the service is started with in production, as the Dockerfile says. */
export const AS_IN_PRODUCTION = ['--max-semi-space-size=16', '--expose-gc', '--enable-source-maps'];

/** @returns {Promise<Running>} the program, serving on a port of its own */
export async function start(/** @type {Program} */ { command, args, cwd, env, ready }) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { PATH = '', HOME = '' } = process.env;
  // A group of its own, so that the workers which a program starts end with it.
  const child = spawn(command, args, {
    cwd,
    env: { PATH, HOME, ...env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
  });
  const pid = Number(child.pid);
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    process.kill(-pid, 'SIGTERM');
    await once(child, 'exit');
  };
  const deadline = performance.now() + 60_000;
  while (!(await serves(`${url}${ready}`))) {
    if (child.exitCode !== null) throw new Error(`${command} ${args.join(' ')} did not start`);
    if (performance.now() > deadline) {
      await stop();
      throw new Error(`${command} ${args.join(' ')} does not serve ${ready}`);
    }
    await wait(20);
  }
  return { url, pid, stop };
}

async function serves(/** @type {string} */ url) {
  const answer = await fetch(url).catch(() => undefined);
  await answer?.arrayBuffer();
  return answer !== undefined && answer.status !== 503;
}
