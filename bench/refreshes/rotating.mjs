// Rotates sessions, a number of them at once, by whatever statement: in this process, without HTTP and without signing.
import { randomBytes } from 'node:crypto';
import { RevokedSessions } from '@auth-service/guard';
import { DataSource } from 'typeorm';
import {
  Database,
  Metrics,
  RefreshesRepository,
  ROTATE,
  Rotations,
  servingOptions,
  SessionChanges,
  SessionsRepository,
} from './built.mjs';

const IDLE_SECONDS = 604_800;

/** @typedef {import('./table.mjs').Row} Row */
/** @typedef {(row: Row, nonce: Buffer) => Promise<{ generation: number, nonce: Buffer } | null | undefined>} Rotate */
/** @typedef {{ perSecond: number, p50: number, p99: number, micros: number, done: number }} Figures */

/** The repository as the service has it, with a pool of the service's size. */
export async function openRepository(/** @type {string} */ url) {
  const settings = /** @type {import('../../src/platform/config/config.js').Config} */ (
    /** @type {unknown} */ ({ databaseUrl: url, databasePoolSize: 10, databasePooled: false, preparedStatements: true })
  );
  const dataSource = await new DataSource(servingOptions(settings)).initialize();
  const metrics = new Metrics();
  const database = new Database(dataSource, settings, metrics);
  const changes = new SessionChanges(database, new RevokedSessions(), metrics);
  const repository = new RefreshesRepository(database, new Rotations(database), changes, metrics);
  const sessions = new SessionsRepository(database, changes);
  return { database, repository, sessions, close: () => dataSource.destroy() };
}

/** @returns {Rotate} */
export function byRepository(
  /** @type {InstanceType<typeof RefreshesRepository>} */ repository,
  /** @type {string} */ macKeyId,
) {
  return ({ id, generation, nonce }, next) =>
    repository.rotate({ sessionId: id, generation, nonce }, { nonce: next, macKeyId, idleSeconds: IDLE_SECONDS });
}

/** @returns {Rotate} the single statement, prepared, with nothing but the driver */
export function byDriver(/** @type {import('pg').Pool} */ pool, /** @type {string} */ macKeyId) {
  return async ({ id, generation, nonce }, next) => {
    const values = [id, generation, nonce, next, macKeyId, IDLE_SECONDS];
    return (await pool.query({ ...ROTATE, values })).rows[0];
  };
}

/**
 * @param {Rotate} rotate
 * @param {Row[]} rows are changed as the sessions are
 * @param {{ atOnce: number, seconds?: number, most?: number }} until
 * @returns {Promise<Figures>}
 */
export async function measureRotations(rotate, rows, { atOnce, seconds = Infinity, most = Infinity }) {
  const waits = /** @type {number[]} */ ([]);
  const began = performance.now();
  const cpu = process.cpuUsage();
  const end = began + seconds * 1_000;
  let turn = 0;
  const worker = async () => {
    while (performance.now() < end && turn < most) {
      const row = rows[turn++ % rows.length];
      if (!row) throw new Error('there are no sessions');
      const asked = performance.now();
      const rotated = await rotate(row, randomBytes(16));
      if (!rotated) throw new Error('a rotation was refused');
      Object.assign(row, { generation: rotated.generation, nonce: rotated.nonce });
      if (waits.length < 1_000_000) waits.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, rows.length) }, worker));
  const { user, system } = process.cpuUsage(cpu);
  const done = Math.min(turn, most);
  waits.sort((a, b) => a - b);
  const at = (/** @type {number} */ share) => waits[Math.floor(waits.length * share)] ?? NaN;
  const perSecond = (done / (performance.now() - began)) * 1_000;
  return { perSecond, p50: at(0.5), p99: at(0.99), micros: (user + system) / done, done };
}
