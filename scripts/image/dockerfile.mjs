// Follows a Dockerfile without a container engine: every stage becomes a folder, every RUN a command in it.
// It knows the instructions that our Dockerfile uses and refuses all others, so that the two cannot drift apart.
import { execFileSync } from 'node:child_process';
import { cp, mkdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * @typedef {object} Stage
 * @property {string} root the folder that stands for the image's `/`
 * @property {string} workdir
 * @property {Record<string, string>} env
 * @property {string} user
 * @property {string[]} command
 * @property {string[]} healthcheck
 */

/**
 * @param {{ dockerfile: string, context: string, into: string }} where an absolute path each
 * @returns {Promise<Stage>} the last stage, which is the image
 */
export async function followDockerfile({ dockerfile, context, into }) {
  /** @type {Map<string, Stage>} */
  const stages = new Map();
  /** @type {Stage | undefined} */
  let stage;
  for (const [word, rest] of instructions(await readFile(dockerfile, 'utf8'))) {
    if (word === 'FROM') stage = await openStage(rest, stages, into);
    else if (stage) await follow(word, rest, stage, stages, context);
  }
  if (!stage) throw new Error(`${dockerfile} has no FROM`);
  return stage;
}

/** @returns {[string, string][]} the instructions with what follows them, comments and line ends removed */
function instructions(/** @type {string} */ text) {
  const lines = text.replace(/^\s*#.*\n/gm, '').replace(/\\\n/g, ' ');
  return [...lines.matchAll(/^([A-Z]+)\s+(.*)$/gm)].map(([, word = '', rest = '']) => [word, rest.trim()]);
}

/** Opens `FROM <image or earlier stage> [AS <name>]`; what the base image holds is taken from this machine. */
async function openStage(
  /** @type {string} */ rest,
  /** @type {Map<string, Stage>} */ stages,
  /** @type {string} */ into,
) {
  const [, base = '', name = 'image'] = /^(\S+)(?: AS (\S+))?$/.exec(rest) ?? [];
  const below = stages.get(base);
  /** @type {Stage} */
  const stage = {
    workdir: '/',
    env: {},
    user: 'root',
    command: [],
    healthcheck: [],
    ...below,
    root: path.join(into, name),
  };
  await mkdir(stage.root, { recursive: true });
  if (below) await copy(below.root, stage.root);
  stage.env = { ...stage.env };
  stages.set(name, stage);
  return stage;
}

async function follow(
  /** @type {string} */ word,
  /** @type {string} */ rest,
  /** @type {Stage} */ stage,
  /** @type {Map<string, Stage>} */ stages,
  /** @type {string} */ context,
) {
  if (word === 'WORKDIR') stage.workdir = path.posix.resolve(stage.workdir, rest);
  else if (word === 'ENV')
    Object.assign(stage.env, Object.fromEntries(rest.split(/\s+/).map((pair) => pair.split('='))));
  else if (word === 'USER') stage.user = rest;
  else if (word === 'CMD') stage.command = JSON.parse(rest);
  else if (word === 'HEALTHCHECK') stage.healthcheck = JSON.parse(rest.slice(rest.indexOf(' CMD [') + 5));
  else if (word === 'COPY') await copyInto(stage, rest, stages, context);
  else if (word === 'RUN') runIn(stage, rest);
  else if (word !== 'EXPOSE')
    throw new Error(`${word} is not known here: teach scripts/image/dockerfile.mjs what it means`);
}

async function copyInto(
  /** @type {Stage} */ stage,
  /** @type {string} */ rest,
  /** @type {Map<string, Stage>} */ stages,
  /** @type {string} */ context,
) {
  const [, fromName, files = ''] = /^(?:--from=(\S+) )?([^-].*)$/.exec(rest) ?? [];
  const from = fromName ? stages.get(fromName)?.root : context;
  const sources = files.split(/\s+/);
  const target = sources.pop() ?? '';
  if (!from || sources.length === 0) throw new Error(`COPY ${rest} cannot be followed`);
  for (const source of sources) {
    const at = path.join(from, source);
    const into = path.join(stage.root, path.posix.resolve(stage.workdir, target));
    // As Docker does: of a folder its content is copied, a file goes into what ends with a slash.
    const asFile = target.endsWith('/') && (await stat(at)).isFile();
    await copy(at, asFile ? path.join(into, path.basename(source)) : into);
  }
}

function copy(/** @type {string} */ from, /** @type {string} */ to) {
  return cp(from, to, { recursive: true, verbatimSymlinks: true });
}

function runIn(/** @type {Stage} */ stage, /** @type {string} */ command) {
  const { DATABASE_URL, ...env } = process.env;
  execFileSync('sh', ['-ec', command], {
    cwd: path.join(stage.root, stage.workdir),
    env: { ...env, ...stage.env },
    stdio: 'inherit',
  });
}
