import { readdirSync, readFileSync } from 'node:fs';
import { linksOf } from './security/support/asvs-page.js';

const root = new URL('../', import.meta.url);
const readme = readFileSync(new URL('README.md', root), 'utf8');

describe('The README', () => {
  it.each(['npm ci && npm start', 'npm ci && npm test'])('says how to begin: %s', (command) => {
    expect(readme.split('\n')).toContain(command);
  });

  it('leads to every guide and every page of the documentation', () => {
    const targets = new Set(linksOf(readme).map(({ target }) => target.split('#')[0]));
    const folders = ['docs/', 'docs/guides/', 'docs/operations/'];
    const pages = folders.flatMap((folder) => readdirSync(new URL(folder, root)).map((name) => folder + name));
    const unnamed = pages.filter((page) => page.endsWith('.md') && !targets.has(page));
    expect(unnamed).toEqual([]);
    expect(targets.size).toBeGreaterThan(15);
  });
});
