import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { anchorsOf, linksOf } from './support/asvs-page.js';

const root = new URL('../../', import.meta.url);
const pages = ['SECURITY.md', ...readdirSync(new URL('docs/security/', root)).map((name) => `docs/security/${name}`)];
const SETTING = /`([A-Z][A-Z0-9]+_[A-Z0-9_]+)`/g;

describe('The pages about security', () => {
  it.each(pages)('lead only to what is there: %s', (page) => {
    const place = new URL(page, root);
    const links = linksOf(readFileSync(place, 'utf8')).filter(({ target }) => !target.startsWith('http'));
    const missing = links.filter(({ target }) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? place : new URL(path, place);
      return !existsSync(file) || (anchor !== undefined && !anchorsOf(readFileSync(file, 'utf8')).includes(anchor));
    });
    expect(missing).toEqual([]);
  });

  it('are all looked at', () => {
    expect(pages.length).toBeGreaterThan(6);
    expect(pages.flatMap((page) => linksOf(readFileSync(new URL(page, root), 'utf8'))).length).toBeGreaterThan(60);
  });

  it('name settings that there are', () => {
    const known = readFileSync(new URL('.env.example', root), 'utf8');
    const named = pages.flatMap((page) =>
      [...readFileSync(new URL(page, root), 'utf8').matchAll(SETTING)].map(([, name]) => name!),
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !known.includes(`#${name.replace(/_FILE$/, '')}=`))).toEqual([]);
  });
});
