import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';

describe('The README', () => {
  let readme: string;

  beforeAll(async () => {
    readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  });

  it('names only files that exist', async () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) => link!);
    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((link) => !existsSync(new URL(`../${link}`, import.meta.url)))).toEqual([]);
  });

  it('names every endpoint of the OpenAPI document', async () => {
    const document = JSON.parse(await readFile(new URL('../docs/openapi.json', import.meta.url), 'utf8')) as {
      paths: Record<string, object>;
    };
    for (const [path, item] of Object.entries(document.paths)) {
      for (const method of Object.keys(item)) {
        expect(readme).toContain(`\`${method.toUpperCase()} ${path.replace(/\{(\w+)\}/, ':$1')}\``);
      }
    }
  });
});
