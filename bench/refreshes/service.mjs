// The service in production, in a process of its own, and refreshes sent to it over HTTP.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import autocannon from 'autocannon';
import { freePort } from '../../scripts/free-port.mjs';
import { AS_IN_PRODUCTION } from '../tools/processes.mjs';

/** @typedef {{ url: string, pid: number, stop: () => Promise<void> }} Service */

/** @returns {Promise<Service>} */
export async function startService(/** @type {string} */ databaseUrl, /** @type {string} */ secret) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    DATABASE_URL: databaseUrl,
    AUTH_SECRET: secret,
    ISSUER_URL: 'https://auth.example.com',
    LOG_LEVEL: 'fatal',
    PORT: String(port),
  };
  const program = path.join(import.meta.dirname, '../../dist/src/main.js');
  const service = spawn(process.execPath, [...AS_IN_PRODUCTION, program], { env, stdio: 'inherit' });
  while (!(await fetch(`${url}/health/ready`).catch(() => undefined))?.ok) {
    if (service.exitCode !== null) throw new Error('the service did not start');
    await wait(20);
  }
  const stop = async () => {
    service.kill('SIGTERM');
    await once(service, 'exit');
  };
  return { url, pid: Number(service.pid), stop };
}

/**
 * Each connection has a session of its own and brings the token that it was given last.
 *
 * @param {Service} service
 * @param {string[]} tokens of as many sessions as there are connections; afterwards the newest of each
 * @param {number} duration in seconds
 */
export async function measureRefreshes({ url, pid }, tokens, duration) {
  const before = await computed(pid);
  let next = 0;
  const result = await autocannon({
    url: `${url}/auth/refresh`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ refreshToken: tokens[0] }),
    connections: tokens.length,
    duration,
    setupClient: (client) => {
      const own = next++;
      client.setBody(JSON.stringify({ refreshToken: tokens[own] }));
      client.on('body', (body) => {
        const { refreshToken } = JSON.parse(String(body));
        tokens[own] = refreshToken;
        client.setBody(JSON.stringify({ refreshToken }));
      });
    },
  });
  const { '2xx': done, non2xx, errors, latency } = result;
  if (errors + non2xx > 0) throw new Error(`${errors} requests failed, ${non2xx} were refused`);
  const micros = (((await computed(pid)) - before) * 1_000) / done;
  return { perSecond: done / result.duration, p50: latency.p50, p99: latency.p99, micros, done };
}

/** The milliseconds that a process has computed so far, as Linux has it: in hundredths of a second. */
async function computed(/** @type {number} */ pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12);
  return (Number(user) + Number(system)) * 10;
}
