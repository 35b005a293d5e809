// How each side is started, and how one registers and logs in there.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { AS_IN_PRODUCTION, start } from '../tools/processes.mjs';

/** @typedef {{ email: string, password: string }} Person */
/**
 * @typedef {object} Peer
 * @property {string} name
 * @property {(databaseUrl: string, cost: number) => Promise<import('../tools/processes.mjs').Running>} start
 * @property {string} registerPath
 * @property {string} loginPath
 * @property {(person: Person) => object} registerBody
 */

const here = import.meta.dirname;
const root = path.join(here, '../..');
const SECRET = randomBytes(32).toString('base64url');
const sameBody = (/** @type {Person} */ person) => person;

/**
 * The service in production.
 *
 * @param {{ name?: string, preload?: string, env?: Record<string, string> }} [options] `preload` takes the place of its hash function
 * @returns {Peer}
 */
export function service({ name = 'service', preload, env } = {}) {
  const options = preload ? ['--import', path.join(root, 'bench/hashing', preload)] : [];
  return {
    name,
    registerPath: '/auth/register',
    loginPath: '/auth/login',
    registerBody: sameBody,
    start: (databaseUrl, cost) =>
      start({
        command: process.execPath,
        args: [...AS_IN_PRODUCTION, ...options, path.join(root, 'dist/src/main.js')],
        ready: '/health/ready',
        env: {
          NODE_ENV: 'production',
          DATABASE_URL: databaseUrl,
          AUTH_SECRET: SECRET,
          ISSUER_URL: 'https://auth.example.com',
          BCRYPT_COST: String(cost),
          RATE_LIMITS: 'off',
          LOG_LEVEL: 'fatal',
          ...env,
        },
      }),
  };
}

/** @type {Peer} */
export const fastapi = {
  name: 'FastAPI',
  registerPath: '/auth/register',
  loginPath: '/auth/login',
  registerBody: sameBody,
  start: (databaseUrl, cost) =>
    start({
      command: '/usr/bin/python3',
      args: ['main.py'],
      cwd: path.join(here, 'fastapi'),
      ready: '/openapi.json',
      env: {
        DATABASE_URL: withoutOptions(databaseUrl),
        SECRET,
        BCRYPT_COST: String(cost),
        PYTHONDONTWRITEBYTECODE: '1',
      },
    }),
};

/** @type {Peer} */
export const betterAuth = {
  name: 'better-auth',
  registerPath: '/api/auth/sign-up/email',
  loginPath: '/api/auth/sign-in/email',
  registerBody: (person) => ({ name: 'Ada', ...person }),
  start: (databaseUrl, cost) => startNode('better-auth/server.mjs', '/api/auth/ok', databaseUrl, cost),
};

/** @type {Peer} */
export const tutorial = {
  name: 'Nest tutorial',
  registerPath: '/auth/register',
  loginPath: '/auth/login',
  registerBody: sameBody,
  start: (databaseUrl, cost) => startNode('tutorial/dist/main.js', '/', databaseUrl, cost),
};

/** @returns the route that all guarded ones are held against: nothing is asked there */
export function startBareFastify() {
  return startNode('fastify.mjs', '/guarded', '', 0);
}

function startNode(
  /** @type {string} */ file,
  /** @type {string} */ ready,
  /** @type {string} */ databaseUrl,
  /** @type {number} */ cost,
) {
  const env = { NODE_ENV: 'production', DATABASE_URL: databaseUrl, SECRET, BCRYPT_COST: String(cost) };
  return start({ command: process.execPath, args: [path.join(here, file)], ready, env });
}

/** asyncpg takes the options of libpq by other names. */
function withoutOptions(/** @type {string} */ databaseUrl) {
  const url = new URL(databaseUrl);
  url.search = '';
  return url.href;
}

/** Installs the peers on Node, and says which others this machine lacks. */
export function preparePeers() {
  const npm = (/** @type {string[]} */ ...args) => execFileSync('npm', args, { cwd: here, stdio: 'inherit' });
  if (!existsSync(path.join(here, 'node_modules'))) npm('ci', '--no-audit', '--no-fund');
  npm('run', '--silent', 'build');
}

/** @returns {boolean} whether what Debian calls python3-fastapi and the like is installed */
export function hasPython() {
  const modules =
    'import fastapi, sqlalchemy, asyncpg, bcrypt, jwt, email_validator, uvicorn, uvloop, httptools, greenlet';
  try {
    execFileSync('/usr/bin/python3', ['-c', modules], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
