// The ceiling: the single statement, prepared, sent by PostgreSQL's own load tool, where that is installed.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { idOf } from './table.mjs';

const run = promisify(execFile);

// It carries no token from one turn to the next, so the row's own generation and nonce are what is asked for.
const SCRIPT = `
\\set i random(1, :rows)
UPDATE sessions s
   SET generation = s.generation + 1, previous_nonce = s.nonce, nonce = decode(md5(random()::text), 'hex'), mac_key_id = s.mac_key_id,
       refreshed_at = clock_timestamp()
  FROM users u
 WHERE s.id = ${idOf(':i')} AND s.generation >= 0 AND s.nonce IS NOT NULL AND u.id = s.user_id
   AND s.closed_at IS NULL AND s.expires_at > clock_timestamp()
   AND s.refreshed_at > clock_timestamp() - make_interval(secs => 604800) AND u.disabled_at IS NULL
RETURNING s.id, s.user_id, u.email, u.role, s.generation, s.nonce, s.mac_key_id, s.created_at,
          least(604800, floor(extract(epoch FROM s.expires_at - clock_timestamp())))::integer;
`;

export async function hasPgbench() {
  return run('pgbench', ['--version']).then(
    () => true,
    () => false,
  );
}

/**
 * @param {string} url
 * @param {{ rows: number, clients: number, seconds: number }} load
 * @returns {Promise<{ perSecond: number, p50: number, p99: number }>}
 */
export async function measurePgbench(url, { rows, clients, seconds }) {
  const folder = await mkdtemp(path.join(tmpdir(), 'auth-pgbench-'));
  try {
    const script = path.join(folder, 'rotate.sql');
    await writeFile(script, SCRIPT);
    const limits = ['-c', String(clients), '-j', '2', '-T', String(seconds), '-D', `rows=${rows}`];
    const { stdout } = await run('pgbench', ['-n', '-M', 'prepared', ...limits, '-f', script, '-l', url], {
      cwd: folder,
      maxBuffer: 2 ** 26,
    });
    return { perSecond: Number(/tps = ([\d.]+)/.exec(stdout)?.[1]), ...(await percentiles(folder)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Each line of its logs tells one turn; the third word is how long it took, in microseconds. */
async function percentiles(/** @type {string} */ folder) {
  const { stdout } = await run('sh', ['-c', `cat pgbench_log.* | cut -d' ' -f3 | sort -n`], {
    cwd: folder,
    maxBuffer: 2 ** 28,
  });
  const all = stdout.trim().split('\n');
  const at = (/** @type {number} */ share) => Number(all[Math.floor(all.length * share)]) / 1_000;
  return { p50: at(0.5), p99: at(0.99) };
}
