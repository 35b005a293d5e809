import pg from 'pg';
import { createDatabase, urlOfDatabase } from './database.js';
import { databasePrefix, dropLeftoverDatabases } from './leftovers.js';

const url = process.env.TEST_DATABASE_URL!;

async function withServer<Result>(work: (client: pg.Client) => Promise<Result>, name?: string): Promise<Result> {
  const client = new pg.Client({ connectionString: url, application_name: name });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const databases = (prefix: string): Promise<string[]> =>
  withServer(async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
      [prefix],
    );
    return rows.map(({ datname }) => datname);
  });

it('gives each caller a database of its own, also when many ask at once', async () => {
  const all = await Promise.all(Array.from({ length: 8 }, () => createDatabase()));
  const [one, two] = [all[0]!, all[1]!];
  await one.query('CREATE TABLE mine (n int)');
  expect(await one.query('SELECT $1::int AS n', [7])).toEqual([{ n: 7 }]);
  await expect(two.query('SELECT * FROM mine')).rejects.toThrow('does not exist');
  await Promise.all(all.map((database) => database.drop()));
});

it('drops a database that somebody is still connected to', async () => {
  const database = await createDatabase();
  const client = new pg.Client({ connectionString: database.url });
  const ended = new Promise<void>((resolve) => client.once('end', resolve)); // events.once would reject: it ends by an error
  client.on('error', () => undefined);
  await client.connect();
  await database.drop();
  await ended;
  expect(await databases(new URL(database.url).pathname.slice(1))).toEqual([]);
});

it('drops what a killed run left, and nothing of a run that goes on', async () => {
  const [dead, alive] = [`${databasePrefix}00000000`, `${databasePrefix}11111111`];
  await withServer(async (other) => {
    await other.query(`CREATE DATABASE ${dead}_x`);
    await other.query(`CREATE DATABASE ${alive}_x`);
    await withServer(dropLeftoverDatabases);
    expect(await databases(dead)).toEqual([]);
    expect(await databases(alive)).toEqual([`${alive}_x`]);
    expect(await databases(process.env.TEST_DATABASE_RUN!)).not.toEqual([]);
  }, alive);
  await withServer(dropLeftoverDatabases);
  expect(await databases(alive)).toEqual([]);
});

it('keeps everything of a URL but the name of the database', () => {
  expect(urlOfDatabase('postgres://me:secret@db:1234/one?sslmode=require', 'two')).toBe(
    'postgres://me:secret@db:1234/two?sslmode=require',
  );
});
