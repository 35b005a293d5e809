import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import type { EmbeddedPostgres } from '../../../src/platform/embedded-postgres/embedded-postgres.js';
import {
  dataOf,
  expectRowKept,
  folder,
  isDown,
  query,
  removeFolders,
  runningStarter,
  start,
  stoppedCluster,
} from '../../support/embedded/embedded-clusters.js';
import { Starter } from '../../support/embedded/embedded-process.js';
import { until } from '../../support/time/until.js';

afterAll(removeFolders);

describe('a new cluster', () => {
  let server: EmbeddedPostgres;
  let dataDir: string;

  beforeAll(async () => {
    dataDir = path.join(await folder(), 'not', 'yet', 'there');
    server = await start(dataDir);
  });

  afterAll(() => server.stop());

  it('answers with the database that was asked for', async () => {
    expect(server.reused).toBe(false);
    expect(await query(server.url, 'SELECT current_database() AS name')).toEqual([{ name: 'app' }]);
  });

  it('listens on the loopback address only, and on no socket file', async () => {
    const [row] = await query(
      server.url,
      `SELECT current_setting('listen_addresses') AS addresses, current_setting('unix_socket_directories') AS sockets`,
    );
    expect(row).toEqual({ addresses: '127.0.0.1', sockets: '' });
  });

  it('stores UTF-8 and folds letters beyond ASCII', async () => {
    const [row] = await query(
      server.url,
      `SELECT lower('ÄÉ') AS lower, current_setting('server_encoding') AS encoding`,
    );
    expect(row).toEqual({ lower: 'äé', encoding: 'UTF8' });
  });

  it.each(['postgres', ''])('refuses the password %p', async (password) => {
    const url = new URL(server.url);
    url.password = password;
    await expect(query(url.href, 'SELECT 1')).rejects.toThrow(/password/);
  });

  it('keeps its random password where only its own account can read it', async () => {
    const { password } = new URL(server.url);
    expect(password).toMatch(/^[\w-]{43}$/);
    const file = path.join(server.clusterDir, 'password');
    expect(await readFile(file, 'utf8')).toBe(password);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(server.clusterDir)).mode & 0o777).toBe(0o700);
  });
});

describe('a cluster that is there', () => {
  let dataDir: string;

  beforeAll(async () => {
    dataDir = await stoppedCluster();
  });

  it('keeps its rows and its password from one start to the next', async () => {
    const server = await start(dataDir);
    expect(server.reused).toBe(false);
    await expectRowKept(server.url);
    await server.stop();
    await server.stop();
    expect(await isDown(dataDir)).toBe(true);
  });

  it('takes another port when the wanted one is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const server = await start(dataDir, port);
    expect(new URL(server.url).port).not.toBe(String(port));
    await expectRowKept(server.url);
    await server.stop();
    other.close();
  });

  it('says so when its data are of another version of PostgreSQL', async () => {
    const file = path.join(dataOf(dataDir), 'PG_VERSION');
    const version = await readFile(file);
    await writeFile(file, '12\n');
    await expect(start(dataDir)).rejects.toThrow(/created by PostgreSQL 12.*Move the data away.*DATABASE_URL/s);
    await writeFile(file, version);
  });

  it('says what the server said when it will not start', async () => {
    const file = path.join(dataOf(dataDir), 'postgresql.auto.conf');
    await writeFile(file, `shared_buffers = 'a lot'\n`);
    await expect(start(dataDir)).rejects.toThrow(/the server said: .*FATAL.*DATABASE_URL/s);
    await writeFile(file, '');
  });

  it('stays up for the first process when a second one gives up with process.exit', async () => {
    const server = await start(dataDir);
    const second = Starter.spawn({ dataDir });
    expect(await second.says()).toMatchObject({ reused: true });
    await second.end('exit');
    expect(await query(server.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await server.stop();
  });

  it('goes down with the process that started it when that calls process.exit', async () => {
    const { starter } = await runningStarter({ dataDir });
    await starter.end('exit');
    await until(async () => (await isDown(dataDir)) || undefined);
  });

  it('still serves a service that drains after Ctrl-C', async () => {
    const { starter } = await runningStarter({ dataDir });
    starter.interruptGroup();
    expect(await starter.says()).toEqual({ drained: 42 });
    await starter.ended();
    expect(await isDown(dataDir)).toBe(true);
  });
});

describe('two processes', () => {
  it('share one server when both start it on an empty folder, and the last one to leave stops it', async () => {
    const dataDir = await folder();
    const starters = [Starter.spawn({ dataDir }), Starter.spawn({ dataDir })] as const;
    const [one, two] = await Promise.all(starters.map((starter) => starter.says()));
    expect(one).toMatchObject({ url: two!.url });
    expect([one!.reused, two!.reused].sort()).toEqual([false, true]);

    await starters[0].end('stop');
    expect(await query(two!.url!, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await starters[1].end('stop');
    expect(await isDown(dataDir)).toBe(true);
  });
});
