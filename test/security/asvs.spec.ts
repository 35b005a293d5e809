import { existsSync, readFileSync } from 'node:fs';
import { SETTINGS } from '../../src/platform/config/settings.js';
import { anchorsOf, linksOf, type Row, rowsOf } from './support/asvs-page.js';
import { leadsToTests, withoutTest } from './support/named-tests.js';
import { IN_SCOPE, NOT_BUILT } from './support/requirements.js';
import { testTitles } from './support/test-titles.js';

const place = new URL('../../docs/security.md', import.meta.url);
const page = readFileSync(place, 'utf8');
const rows = rowsOf(page);
const links = rows.flatMap(({ id, by }) => linksOf(by).map((link) => ({ id, ...link })));
const tests = links.filter(({ target }) => leadsToTests(target));
const documents = links.filter((link) => !tests.includes(link));
const settings = rows.flatMap(({ id, by }) => [...by.matchAll(/`([A-Z][A-Z0-9_]+)`/g)].map(([, name]) => [id, name!]));

/** What speaks for a requirement: something that is run, that is set, or that is written down. */
const proofs = ({ id, by }: Row): number => linksOf(by).length + settings.filter(([of]) => of === id).length;

describe('The page about the Application Security Verification Standard', () => {
  it('has each requirement in scope once, in order, with its level', () => {
    expect(rows.map(({ id, level }) => `${id} ${level}`)).toEqual(IN_SCOPE);
    expect(IN_SCOPE.length).toBeGreaterThan(140);
  });

  it('says of each whether it is met, by what, or why not', () => {
    for (const row of rows) {
      expect([row.id, ['yes', 'partly', 'no']]).toEqual([row.id, expect.arrayContaining([row.met])]);
      expect([row.id, row.asks.length > 10]).toEqual([row.id, true]);
      if (row.met !== 'no') expect([row.id, proofs(row) > 0]).toEqual([row.id, true]);
      if (row.met !== 'yes') expect([row.id, row.by.split(' ').length > 6]).toEqual([row.id, true]);
    }
  });

  it('names only tests that are there, by their titles', () => {
    expect(withoutTest(tests, place)).toEqual([]);
    expect(tests.length).toBeGreaterThan(100);
  });

  it('names only settings that there are', () => {
    expect(settings.filter(([, name]) => !(name! in SETTINGS))).toEqual([]);
    expect(settings.length).toBeGreaterThan(10);
  });

  it('leads only to documents and places in them that are there', () => {
    const missing = documents.filter(({ target }) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? place : new URL(path, place);
      if (!existsSync(file)) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(file, 'utf8')).includes(anchor);
    });
    expect(missing).toEqual([]);
    expect(documents.length).toBeGreaterThan(20);
  });

  it('names what is not built', () => {
    const [, list = ''] = /\*\*Not built\*\*(.*?)\n\n/s.exec(page) ?? [];
    expect(list.match(/\d+\.\d+\.\d+/g)).toEqual(NOT_BUILT);
  });

  it('counts right', () => {
    const count = (met: string): number => rows.filter((row) => row.met === met).length;
    expect(page).toContain(
      `Of ${rows.length}, ${count('yes')} are met, ${count('partly')} in part, ${count('no')} not.`,
    );
  });
});

describe('The titles of a spec', () => {
  it.each([
    [`it('holds', () => 1)`, ['holds']],
    [`it.each([1])('holds for %s and $name', () => 1)`, ['holds for … and …']],
    ['it.each(a.map((b) => b))(`holds ${x} times`, () => 1)', ['holds … times']],
    [`describe('A', () => { it('b', f) })`, ['A', 'b']],
    [`// it('is gone', f)\nexpect('it').toBe(it)`, []],
  ])('are read as they stand: %s', (text, titles) => {
    expect(testTitles(text)).toEqual(titles);
  });
});
