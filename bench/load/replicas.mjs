// Three replicas of the built service, in production, each on a port that it keeps.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { until } from '../revocations/processes.mjs';
import { freePort } from '../../scripts/free-port.mjs';
import { AS_IN_PRODUCTION } from '../tools/processes.mjs';

const COUNT = 3;
const program = path.join(import.meta.dirname, '../../dist/src/main.js');

/** @typedef {{ url: string, pid: () => number, start: () => Promise<void>, kill: () => Promise<void> }} Replica */
/** @typedef {[Replica, ...Replica[]]} Replicas */

/** @returns {Promise<Replicas>} all of them ready */
export async function startReplicas(/** @type {string} */ databaseUrl) {
  const settings = {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    DATABASE_URL: databaseUrl,
    AUTH_SECRET: randomBytes(32).toString('base64url'),
    ISSUER_URL: 'http://localhost:3000',
    BCRYPT_COST: '10',
    LOG_LEVEL: 'fatal',
    RATE_LIMITS: 'off', // everybody here comes from one address
  };
  const replicas = [];
  for (let i = 0; i < COUNT; i += 1) replicas.push(await replicaOn(await freePort(), settings));
  await Promise.all(replicas.map((replica) => replica.start()));
  return /** @type {Replicas} */ (replicas);
}

/** @returns {Promise<Replica>} */
async function replicaOn(/** @type {number} */ port, /** @type {Record<string, string | undefined>} */ settings) {
  const url = `http://127.0.0.1:${port}`;
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child;
  return {
    url,
    pid: () => Number(child?.pid),
    start: async () => {
      const env = { ...settings, PORT: String(port) };
      await until(async () => {
        // Whoever refuses to start, since PostgreSQL is just being restarted, is started again, as an orchestrator does.
        if (!child || child.exitCode !== null || child.signalCode !== null) {
          child = spawn(process.execPath, [...AS_IN_PRODUCTION, program], {
            env,
            stdio: ['ignore', 'ignore', 'inherit'],
          });
        }
        return (await fetch(`${url}/health/ready`).catch(() => undefined))?.ok;
      });
    },
    kill: async () => {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
