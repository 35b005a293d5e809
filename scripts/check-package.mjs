// Tries the guard as its users get it: packed, and installed into empty projects. `npm run check:package`
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const MOST_BYTES = 30_000;
const compilerOptions = {
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  target: 'ES2022',
  types: ['node'],
  strict: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  esModuleInterop: true,
  skipLibCheck: true, // as Nest's own starter has it: @nestjs/passport's declarations need types that it does not bring
};
const root = path.join(import.meta.dirname, '..');
const place = mkdtempSync(path.join(tmpdir(), 'guard-package-'));

try {
  const tarball = pack();
  lint(tarball);
  for (const nest of [11, 12]) tryWith(nest, tarball);
} finally {
  rmSync(place, { recursive: true });
}

function pack() {
  const options = ['--json', '--pack-destination', place];
  /** @type {{ filename: string; size: number }[]} */
  const [packed] = JSON.parse(run('npm', ['pack', '--workspace', 'packages/guard', ...options]));
  if (!packed) throw new Error('nothing was packed');
  const { filename, size } = packed;
  if (size >= MOST_BYTES) throw new Error(`packed, the guard has ${size} bytes; it may have ${MOST_BYTES}`);
  console.log(`packed: ${size} bytes`);
  return path.join(place, filename);
}

/**
 * What a package can get wrong for those who import, require or only type-check it.
 *
 * @param {string} tarball
 */
function lint(tarball) {
  for (const tool of ['publint', 'attw']) run('npm', ['run', tool, '--workspace', 'packages/guard', '--', tarball]);
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
  const others = [`@nestjs/testing@${nest}`, 'reflect-metadata@0.2', 'rxjs@7', 'typescript@6.0', '@types/node@20'];
  run('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock', ...frameworks, ...others, tarball], folder);
  for (const type of ['commonjs', 'module']) {
    const project = path.join(folder, type);
    mkdirSync(project);
    cpSync(path.join(root, 'scripts/consumer'), path.join(project, 'src'), { recursive: true });
    if (type === 'module') writeReadmeApp(path.join(project, 'src')); // its test awaits at the top level
    write(project, 'package.json', { private: true, type });
    write(project, 'tsconfig.json', { compilerOptions });
    run(process.execPath, ['../node_modules/typescript/bin/tsc'], project);
    run(process.execPath, ['src/app.js'], project);
    if (type === 'module') run(process.execPath, ['src/readme.js'], project);
    console.log(`Nest ${nest}, ${type}: builds and runs`);
  }
}

/**
 * The app of the README and its test, as they stand there.
 *
 * @param {string} folder
 */
function writeReadmeApp(folder) {
  const readme = readFileSync(path.join(root, 'packages/guard/README.md'), 'utf8');
  const [app, test] = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code);
  if (!app || !test) throw new Error('the README shows no app and no test');
  writeFileSync(path.join(folder, 'app.module.ts'), app);
  const ending = "\nif (answer.status !== 200) throw new Error('refused');\n";
  writeFileSync(path.join(folder, 'readme.ts'), test.replace('../src/', './') + ending);
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
