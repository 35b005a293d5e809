import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { anchorsOf, linksOf } from './security/support/asvs-page.js';

const root = new URL('../', import.meta.url);
const read = (page: string): string => readFileSync(new URL(page, root), 'utf8');
const pagesIn = (folder: string, deep = true): string[] =>
  readdirSync(new URL(folder, root), { recursive: deep, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => folder + name);

const pages = [
  ...pagesIn('./', false),
  ...pagesIn('docs/'),
  ...['packages/guard/', 'packages/bcrypt-lanes/', 'examples/notes/'].flatMap((folder) => pagesIn(folder, false)),
];
const SETTING = /`([A-Z][A-Z0-9]+_[A-Z0-9_]+)(?:=[^`]*)?`/g;
/** What is written like a setting and is another program's, or Node's. */
const OF_OTHERS = ['TEST_DATABASE_URL', 'NODE_EXTRA_CA_CERTS', 'AUTH_ISSUER', 'OTEL_EXPORTER_OTLP_HEADERS'];

describe('The documents', () => {
  it.each(pages)('lead only to pages and headings that are there: %s', (page) => {
    const place = new URL(page, root);
    const missing = linksOf(read(page)).filter(({ target }) => {
      if (/^(https?|mailto):/.test(target)) return false;
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? place : new URL(path, place);
      return !existsSync(file) || (anchor !== undefined && !anchorsOf(readFileSync(file, 'utf8')).includes(anchor));
    });
    expect(missing).toEqual([]);
  });

  it('name only commands that there are', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = pages.flatMap((page) => [...read(page).matchAll(/npm run ([a-z][a-z:]*)/g)].map(([, name]) => name!));
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('name only settings that there are', () => {
    const known = new Set([...read('.env.example').matchAll(/^#([A-Z0-9_]+)=/gm)].map(([, name]) => name));
    const told = pages.filter((page) => !page.startsWith('docs/decisions/') && page !== './CONTRIBUTING.md');
    const named = told.flatMap((page) => [...read(page).matchAll(SETTING)].map(([, name]) => name!));
    const unknown = named.filter((name) => !known.has(name.replace(/_FILE$/, '')) && !OF_OTHERS.includes(name));
    expect(named.length).toBeGreaterThan(100);
    expect(unknown).toEqual([]);
  });

  it('have every endpoint of the OpenAPI document on the page about the API', () => {
    const { paths } = JSON.parse(read('docs/openapi.json')) as { paths: Record<string, object> };
    const endpoints = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `\`${method.toUpperCase()} ${path.replace(/\{(\w+)\}/, ':$1')}\``),
    );
    const page = read('docs/api.md');
    expect(endpoints.length).toBeGreaterThan(30);
    expect(endpoints.filter((endpoint) => !page.includes(endpoint))).toEqual([]);
  });
});
