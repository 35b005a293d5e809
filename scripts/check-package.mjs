// Tries our packages as their users get them: packed, and the guard also installed into empty projects. `npm run check:package`
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const MOST_BYTES = { guard: 30_000, 'bcrypt-lanes': 20_000 };
/** @typedef {keyof typeof MOST_BYTES} Name */
const compilerOptions = {
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  target: 'ES2022',
  types: ['node'],
  strict: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  esModuleInterop: true,
  skipLibCheck: false, // the guard's declarations are whole, and need no types but those of Nest and Node
};
const root = path.join(import.meta.dirname, '..');
const place = mkdtempSync(path.join(tmpdir(), 'guard-package-'));

try {
  const guard = pack('guard');
  lint(guard);
  lint(pack('bcrypt-lanes'), '--profile', 'esm-only');
  for (const nest of [11, 12]) tryWith(nest, guard);
} finally {
  rmSync(place, { recursive: true });
}

/**
 * @param {Name} name
 */
function pack(name) {
  const options = ['--json', '--pack-destination', place];
  /** @type {{ filename: string; size: number }[]} */
  const [packed] = JSON.parse(run('npm', ['pack', '--workspace', `packages/${name}`, ...options]));
  if (!packed) throw new Error('nothing was packed');
  const { filename, size } = packed;
  if (size >= MOST_BYTES[name]) throw new Error(`packed, ${name} has ${size} bytes; it may have ${MOST_BYTES[name]}`);
  console.log(`${name}, packed: ${size} bytes`);
  return path.join(place, filename);
}

/**
 * What a package can get wrong for those who import, require or only type-check it. The guard brings the tools.
 *
 * @param {string} tarball
 * @param {string[]} options for are-the-types-wrong
 */
function lint(tarball, ...options) {
  run('npm', ['run', 'publint', '--workspace', 'packages/guard', '--', tarball]);
  run('npm', ['run', 'attw', '--workspace', 'packages/guard', '--', tarball, ...options]);
  console.log('publint and are-the-types-wrong: nothing found');
}

/**
 * One installation for both module formats; the nearest package.json says which it is.
 *
 * @param {number} nest
 * @param {string} tarball
 */
function tryWith(nest, tarball) {
  const folder = path.join(place, `nest-${nest}`);
  mkdirSync(folder);
  write(folder, 'package.json', { private: true });
  const frameworks = ['common', 'core', 'platform-express'].map((name) => `@nestjs/${name}@${nest}`);
  const types = ['typescript@6.0', '@types/node@20', '@types/express@5'];
  const others = [`@nestjs/testing@${nest}`, 'reflect-metadata@0.2', 'rxjs@7', ...types];
  run('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock', ...frameworks, ...others, tarball], folder);
  for (const type of ['commonjs', 'module']) {
    const project = path.join(folder, type);
    mkdirSync(project);
    cpSync(path.join(root, 'scripts/consumer'), path.join(project, 'src'), { recursive: true });
    writeReadme(project);
    write(project, 'package.json', { private: true, type });
    write(project, 'tsconfig.json', { compilerOptions });
    run(process.execPath, ['../node_modules/typescript/bin/tsc'], project);
    run(process.execPath, ['src/app.js'], project);
    run(process.execPath, ['--test', 'test/'], project);
    console.log(`Nest ${nest}, ${type}: builds and runs`);
  }
}

/**
 * Each example of the README, as it stands there: the app and its test are run, too.
 *
 * @param {string} project
 */
function writeReadme(project) {
  const readme = readFileSync(path.join(root, 'packages/guard/README.md'), 'utf8');
  const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code ?? '');
  const files = ['src/app.module.ts', 'test/readme.test.ts', 'src/health.controller.ts', 'src/plain.ts'];
  if (examples.length !== files.length) throw new Error(`the README has ${examples.length} examples`);
  mkdirSync(path.join(project, 'test'));
  for (const [i, file] of files.entries()) writeFileSync(path.join(project, file), examples[i] ?? '');
}

/**
 * @param {string} folder
 * @param {string} name
 * @param {object} content
 */
function write(folder, name, content) {
  writeFileSync(path.join(folder, name), JSON.stringify(content));
}

/**
 * @param {string} command
 * @param {string[]} args
 * @returns {string} what it prints on stdout; what a command that fails has printed is shown
 */
function run(command, args, cwd = root) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status === 0) return stdout;
  console.error(stdout, stderr);
  throw new Error(`${command} ${args.join(' ')} failed`);
}
