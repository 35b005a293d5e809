import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';

/** @typedef {import('./dockerfile.mjs').Stage} Stage */
/** @typedef {Record<string, string>} Settings */

/** Root may become the image's account, or one that may do as little; anyone else stays who they are. */
async function account(/** @type {string} */ wanted) {
  if (process.getuid?.() !== 0) return {};
  const accounts = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const [, , uid, gid] = [wanted, 'nobody'].flatMap((name) => accounts.filter(([is]) => is === name))[0] ?? [];
  if (!uid) throw new Error('there is no account without rights to run the service as');
  return { uid: Number(uid), gid: Number(gid) };
}

/** Starts a command of the image in the image's folder, with the image's settings, then with those given. */
export async function start(
  /** @type {Stage} */ image,
  /** @type {string[]} */ [file = '', ...args],
  /** @type {Settings} */ settings,
) {
  const cwd = path.join(image.root, image.workdir);
  const env = { PATH: process.env.PATH, ...image.env, ...settings };
  return spawn(file, args, { cwd, env, ...(await account(image.user)), stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs a command of the image to its end. */
export async function outcome(
  /** @type {Stage} */ image,
  /** @type {string[]} */ command,
  /** @type {Settings} */ settings,
) {
  const child = await start(image, command, settings);
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
  const [[code], out, error] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
  clearTimeout(late);
  return { code: /** @type {number | null} */ (code), said: out + error };
}
