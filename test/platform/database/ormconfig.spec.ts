import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { getMetadataArgsStorage } from 'typeorm';

const src = fileURLToPath(new URL('../../../src', import.meta.url));

describe('The DataSource of the migration commands', () => {
  const before = process.env.DATABASE_URL;
  beforeAll(() => {
    process.env.DATABASE_URL = 'postgres://nobody@127.0.0.1:1/none'; // nothing connects
  });
  afterAll(() => {
    if (before === undefined) delete process.env.DATABASE_URL;
    else process.env.DATABASE_URL = before;
  });

  it('compares every entity there is with the database', async () => {
    const { default: dataSource } = await import('../../../ormconfig.js');
    const files = (await readdir(src, { recursive: true })).filter((path) => path.endsWith('.entity.ts'));
    expect(files.length).toBeGreaterThan(8);
    await Promise.all(files.map((path) => import(`../../../src/${path.replace(/\.ts$/, '.js')}`)));
    const nameOf = (entity: unknown): string => (typeof entity === 'function' ? entity.name : String(entity));
    const tables = getMetadataArgsStorage().tables.map(({ target }) => nameOf(target));
    const listed = (dataSource.options.entities as unknown[]).map(nameOf);
    expect(listed.sort()).toEqual(tables.sort());
  });
});
