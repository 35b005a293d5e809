// What every release must be able to do, over HTTP.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from './free-port.mjs';

/** Starts what is built in a folder, and waits until it is ready. */
export async function startService(/** @type {string} */ folder, /** @type {Record<string, string>} */ settings) {
  const port = await freePort();
  const env = { PATH: process.env.PATH, ...settings, PORT: String(port) };
  const child = spawn(process.execPath, ['dist/src/main.js'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const url = `http://127.0.0.1:${port}`;
  const deadline = performance.now() + 30_000;
  for (;;) {
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (answer?.status === 200) break;
    if (child.exitCode !== null || performance.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`not ready in time: ${(await said).join('')}`);
    }
    await wait(50);
  }
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { url, stop };
}

/** Register, log in, refresh, ask who one is, log out. */
export async function smoke(/** @type {string} */ url) {
  const session = await withSession(url);
  await session.goesOnAt(url);
  await session.ends(url);
}

/** Somebody who has just registered and is signed in; the session may go on at another replica. */
export async function withSession(/** @type {string} */ url) {
  const person = { email: `${randomUUID()}@example.com`, password: `smoke ${randomUUID()}` };
  const user = await post(url, '/auth/register', 201, person);
  let tokens = await post(url, '/auth/login', 200, person);
  const goesOnAt = async (/** @type {string} */ where) => {
    tokens = await post(where, '/auth/refresh', 200, { refreshToken: tokens.refreshToken });
    const answer = await fetch(`${where}/users/me`, { headers: { authorization: `Bearer ${tokens.accessToken}` } });
    assert.equal(answer.status, 200, `GET /users/me answered ${answer.status}`);
    assert.equal(/** @type {{ id: string }} */ (await answer.json()).id, user.id);
    await post(where, '/auth/login', 200, person);
  };
  const ends = async (/** @type {string} */ where) => {
    await post(where, '/auth/logout', 204, { refreshToken: tokens.refreshToken });
    await post(where, '/auth/refresh', 401, { refreshToken: tokens.refreshToken });
  };
  return { goesOnAt, ends };
}

/** @returns {Promise<Record<string, string>>} the body, if there is one */
async function post(
  /** @type {string} */ url,
  /** @type {string} */ where,
  /** @type {number} */ status,
  /** @type {object} */ body,
) {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url + where, { method: 'POST', headers, body: JSON.stringify(body) });
  const said = await answer.text();
  assert.equal(answer.status, status, `POST ${where} answered ${answer.status}: ${said}`);
  return said === '' ? {} : JSON.parse(said);
}
