import { readdirSync, readFileSync } from 'node:fs';
import { casesOf } from './support/cases-page.js';
import { rowNames, withoutTest } from './support/named-tests.js';

const place = new URL('../../docs/security/cases.md', import.meta.url);
const page = readFileSync(place, 'utf8');
const cases = casesOf(page);
const proofs = cases.flatMap((one) => one.proofs.map((proof) => ({ tried: one.tried, ...proof })));
const SECTIONS = ['Input', 'Access tokens', 'Races', 'Faults', 'What must not be told'];
/** What the source of a test says that starts three, or gets word of them. */
const THREE = /startFleet\(|three replicas/;

describe('The page of cases', () => {
  it('has a table in each section, and for each case an answer and a test', () => {
    expect([...new Set(cases.map(({ section }) => section))]).toEqual(SECTIONS);
    expect(cases.filter(({ answer, proofs }) => answer === '' || proofs.length === 0)).toEqual([]);
    expect(cases.length).toBeGreaterThan(100);
    expect(new Set(cases.map(({ section, tried }) => `${section} ${tried}`)).size).toBe(cases.length);
  });

  it('names only tests that are there, by their titles', () => {
    expect(withoutTest(proofs, place)).toEqual([]);
  });

  it('names only rows that their files have', () => {
    const names = new Map<string, Set<string>>();
    const missing = proofs.flatMap(({ target, rows }) => {
      if (!names.has(target)) names.set(target, rowNames(new URL(target, place)));
      return rows.filter((row) => !names.get(target)!.has(row)).map((row) => [target, row]);
    });
    expect(missing).toEqual([]);
    expect(proofs.flatMap(({ rows }) => rows).length).toBeGreaterThan(150);
  });

  it('has a test over three replicas for whatever they share', () => {
    const alone = cases.filter(
      ({ shared, proofs: by }) =>
        shared && !by.some(({ target }) => THREE.test(readFileSync(new URL(target, place), 'utf8'))),
    );
    expect(alone).toEqual([]);
    expect(cases.filter(({ shared }) => shared).length).toBeGreaterThan(20);
  });

  it.each(['acceptance', 'faults', 'timing'])('knows every file of tests in test/%s', (folder) => {
    const files = readdirSync(new URL(`../${folder}/`, import.meta.url)).filter((name) => /\.\w+\.ts$/.test(name));
    expect(files.length).toBeGreaterThan(1);
    const named = new Set(proofs.map(({ target }) => target.split('/').at(-1)));
    expect(files.filter((name) => !named.has(name))).toEqual([]);
  });
});
