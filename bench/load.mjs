// Mixed load against three replicas while replicas are killed and PostgreSQL is restarted: `npm run bench:load -- [minutes]`, 30 unless given.
// Ends with 1 unless nothing acknowledged is lost, no session has two live tokens, no honest client is logged out, no 5xx but 503 is seen, and
// memory is flat.
import { setTimeout as wait } from 'node:timers/promises';
import { startClients } from './load/clients.mjs';
import { examine } from './load/examination.mjs';
import { startMemoryWatch } from './load/memory.mjs';
import { startPostgres } from './load/postgres.mjs';
import { startReplicas } from './load/replicas.mjs';
import { loadAverage } from './revocations/figures.mjs';

const MINUTES = Number(process.argv[2] ?? 30);
const KILL_EVERY_MILLIS = 20_000;
const RESTART_EVERY_MILLIS = 180_000;
const MINUTE_MILLIS = 60_000;

const postgres = await startPostgres();
const replicas = await startReplicas(postgres.url);
try {
  const clients = await startClients(replicas);
  const memory = startMemoryWatch(replicas[0], MINUTES);
  const done = { kills: 0, restarts: 0 };
  const end = performance.now() + MINUTES * MINUTE_MILLIS;
  await Promise.all([killInTurn(end, done), restartPostgres(end, done)]);
  await clients.stop();
  const findings = [
    ...clients.findings(),
    ...(await memory.findings()),
    ...(await examine(postgres.url, replicas, clients)),
  ];
  report(done, clients.counts(), memory.megabytes(), findings);
} finally {
  await Promise.all(replicas.map((replica) => replica.kill()));
  await postgres.stop();
}

/** The first is never killed: its memory is what is watched. */
async function killInTurn(/** @type {number} */ end, /** @type {{ kills: number }} */ done) {
  while (performance.now() + KILL_EVERY_MILLIS < end) {
    await wait(KILL_EVERY_MILLIS);
    const replica = replicas[1 + (done.kills % (replicas.length - 1))];
    await replica?.kill();
    done.kills += 1;
    await replica?.start();
  }
  await wait(Math.max(0, end - performance.now()));
}

/** In a short run half-way through, at least. */
async function restartPostgres(/** @type {number} */ end, /** @type {{ restarts: number }} */ done) {
  const every = Math.min(RESTART_EVERY_MILLIS, (MINUTES * MINUTE_MILLIS) / 2);
  while (performance.now() + every < end + 1_000) {
    await wait(every);
    if (end - performance.now() < 10_000) return;
    await postgres.restart();
    done.restarts += 1;
  }
}

/**
 * @param {{ kills: number, restarts: number }} done
 * @param {Record<string, number>} counts
 * @param {Record<string, number>} megabytes
 * @param {string[]} findings
 */
function report({ kills, restarts }, counts, megabytes, findings) {
  console.log(`\n${MINUTES} minutes, ${kills} times a replica was killed, ${restarts} times PostgreSQL was restarted`);
  console.log(`load average ${loadAverage()}`);
  console.table(counts);
  console.table(megabytes);
  for (const finding of findings.slice(0, 20)) console.log(`- ${finding}`);
  console.log(findings.length === 0 ? 'all of it holds' : `MISSED: ${findings.length} findings`);
  if (findings.length > 0) process.exitCode = 1;
}
