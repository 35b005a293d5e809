import { spawn } from 'node:child_process';
import { readdir, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { postmasterOf } from '../../../src/platform/embedded-postgres/postmaster.js';
import {
  dataOf,
  expectRowKept,
  folder,
  isDown,
  removeFolders,
  runningStarter,
  start,
  stoppedCluster,
} from '../../support/embedded/embedded-clusters.js';
import { Starter } from '../../support/embedded/embedded-process.js';
import { until } from '../../support/time/until.js';

afterAll(removeFolders);

describe('after an accident', () => {
  let dataDir: string;

  beforeAll(async () => {
    dataDir = await stoppedCluster();
  });

  it('finds the server that a killed process left running', async () => {
    const { starter, url } = await runningStarter({ dataDir });
    await starter.kill('SIGKILL');
    const server = await start(dataDir);
    expect(server).toMatchObject({ reused: true, url });
    await expectRowKept(server.url);
    await server.stop();
    expect(await isDown(dataDir)).toBe(true);
  });

  it('recovers when process and server were both killed', async () => {
    const { starter } = await runningStarter({ dataDir, unsafeFast: false });
    const postmaster = await postmasterOf(dataOf(dataDir));
    await starter.kill('SIGKILL');
    process.kill(postmaster!.pid, 'SIGKILL');
    const server = await start(dataDir);
    expect(server.reused).toBe(false);
    await expectRowKept(server.url);
    await server.stop();
  });

  it('starts when the process id that a killed server left is another program by now', async () => {
    const { uid, gid } = await stat(dataOf(dataDir));
    const other = spawn('sleep', ['60'], process.getuid?.() === 0 ? { uid, gid } : {});
    const lines = [other.pid, dataOf(dataDir), 1_700_000_000, 54329, '', '127.0.0.1'];
    await writeFile(path.join(dataOf(dataDir), 'postmaster.pid'), `${lines.join('\n')}\n`);
    const server = await start(dataDir);
    await expectRowKept(server.url);
    await server.stop();
    other.kill();
  });

  it('works again after a SIGTERM in the middle of a start', async () => {
    const starter = Starter.spawn({ dataDir });
    await until(async () => (await readdir(dataOf(dataDir))).includes('postmaster.pid'));
    await starter.kill('SIGTERM');
    const server = await start(dataDir);
    await expectRowKept(server.url);
    await server.stop();
    expect(await isDown(dataDir)).toBe(true);
  });
});

it('starts afresh when the first start was killed half-way, and clears up what it left once it is old', async () => {
  const dataDir = await folder();
  const starter = Starter.spawn({ dataDir });
  const half = await until(async () => (await readdir(dataDir)).find((name) => name.endsWith('.new')));
  await until(async () => (await readdir(path.join(dataDir, half, 'data'))).includes('PG_VERSION'));
  process.kill(-starter.child.pid!, 'SIGKILL');
  await starter.ended();

  await utimes(path.join(dataDir, half), 0, 0);
  const server = await start(dataDir);
  expect(server.reused).toBe(false);
  expect(await readdir(dataDir)).toEqual(['cluster']);
  await server.stop();
});
