import { fileURLToPath } from 'node:url';
import { check, rules, type RuleName } from './support/architecture/check.js';
import { modelOf, type Model, type Tree } from './support/architecture/model.js';
import { planted, soundHouse } from './support/architecture/planted.js';
import { readTree } from './support/architecture/read-tree.js';

/** What the rules must have looked at, lest they pass for want of anything to see. Raise these as the house grows. */
const floors = {
  files: { src: 1, packages: 0, migrations: 0, test: 10 },
  imports: 20,
  known: [
    ['test/architecture.spec.ts', 'test/support/architecture/check.ts'],
    ['test/support/architecture/check.ts', 'test/support/architecture/rules/order.ts'],
  ],
};

const repository = fileURLToPath(new URL('..', import.meta.url));
const lineWithImport = /^(import|export)\b.*\bfrom '|^\} from '|^import '/gm;

describe('the house', () => {
  let tree: Tree;
  let model: Model;

  beforeAll(async () => {
    tree = await readTree(repository);
    model = modelOf(tree);
  });

  it('keeps every rule', () => {
    expect(check(tree)).toEqual([]);
  });

  it.each(Object.entries(floors.files))('is seen: files in %s', (root, least) => {
    expect([...tree.keys()].filter((path) => path.startsWith(`${root}/`)).length).toBeGreaterThanOrEqual(least);
  });

  it('is seen with its imports', () => {
    const imports = [...model.values()].flatMap((file) => file.imports);
    expect(imports.length).toBeGreaterThanOrEqual(floors.imports);
  });

  it('shows the parser at least the imports that a search of the text finds', () => {
    const missed = [...tree].filter(([path, text]) => {
      return (model.get(path)?.imports.length ?? 0) < (text.match(lineWithImport)?.length ?? 0);
    });
    expect(missed.map(([path]) => path)).toEqual([]);
  });

  it.each(floors.known)('is seen: %s imports %s', (from, to) => {
    expect(model.get(from)?.imports.map(({ target }) => target?.path)).toContain(to);
  });
});

describe('the rules of the house', () => {
  it('find nothing in a sound house', () => {
    expect(check(soundHouse)).toEqual([]);
  });

  const plants = Object.entries(planted).flatMap(([rule, all]) => all.map((plant) => ({ rule, ...plant })));

  it.each(plants)('are broken in $rule alone by: $shows', ({ rule, files }) => {
    const violations = check(new Map([...soundHouse, ...Object.entries(files)]));
    expect([...new Set(violations.map((violation) => violation.rule))]).toEqual([rule]);
    expect(Object.keys(files)).toEqual(expect.arrayContaining(violations.map(({ path }) => path)));
  });

  it.each(Object.keys(rules))('catch a planted violation of %s', (rule) => {
    expect(planted[rule as RuleName].length).toBeGreaterThan(0);
  });
});
