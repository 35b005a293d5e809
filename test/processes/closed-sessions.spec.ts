import { createDatabase } from '../support/database/database.js';
import { openGate } from '../support/database/gate.js';
import { folder, query, removeFolders, start } from '../support/embedded/embedded-clusters.js';
import { signedIn, type Tokens } from '../support/people/people.js';
import { endPrograms } from '../support/processes/program.js';
import { statusesOf, times } from '../support/sessions/refreshes.js';
import { contentOf } from '../support/sessions/sessions-seen.js';
import { until } from '../support/time/until.js';
import { GuardedApp, type ReplicaProcess, startReplicaProcesses } from './support/guarded-apps.js';

/** Closes it, as a client does that tries again until it is done. */
const logOut = ({ client }: ReplicaProcess, { refreshToken }: Tokens): Promise<unknown> =>
  until(async () => (await client.post('/auth/logout', { refreshToken })).status === 204, 30_000);

const signIn = (count: number, { client }: ReplicaProcess): Promise<Tokens[]> =>
  Promise.all(times(count, () => signedIn(client)));

describe('Sessions that are closed while processes die', () => {
  afterEach(() => endPrograms());
  afterAll(() => removeFolders());

  it('are all refused by an app whose replica was killed, once it has come to another', async () => {
    const database = await createDatabase();
    const [killed, left] = (await startReplicaProcesses(database.url, 2)) as [ReplicaProcess, ReplicaProcess];
    const gate = await openGate(killed.url);
    try {
      const app = await GuardedApp.start(gate.url);
      const [before, during, away, after] = [
        await signIn(5, left),
        await signIn(10, left),
        await signIn(5, left),
        await signIn(5, left),
      ];
      const [kept] = await signIn(1, left);
      const all = [...before, ...during, ...away, ...after];
      for (const tokens of all) expect(await app.status(tokens)).toBe(200);

      for (const tokens of before) await logOut(left, tokens);
      const closing = during.map((tokens) => logOut(left, tokens));
      await killed.program.kill('SIGKILL');
      await Promise.all(closing);
      await app.is('away');
      for (const tokens of away) await logOut(left, tokens);
      for (const tokens of away) expect(await app.status(tokens)).toBe(200); // nobody has told it

      gate.leadTo(left.url);
      await app.is('following');
      for (const tokens of after) await logOut(left, tokens);
      await app.refuses(all);
      expect(await app.status(kept!)).toBe(200);
    } finally {
      await endPrograms();
      await gate.stop();
      await database.drop();
    }
  });

  it('are all refused by every app when PostgreSQL was restarted meanwhile', async () => {
    const dataDir = await folder();
    let server = await start(dataDir);
    const databaseUrl = server.url;
    try {
      const replicas = await startReplicaProcesses(databaseUrl, 2);
      const apps = await Promise.all(replicas.map(({ url }) => GuardedApp.start(url)));
      const [before, during, past] = [
        await signIn(5, replicas[0]!),
        await signIn(10, replicas[1]!),
        await signIn(5, replicas[0]!),
      ];
      const [kept] = await signIn(1, replicas[0]!);
      for (const app of apps)
        for (const tokens of [...before, ...during, ...past]) expect(await app.status(tokens)).toBe(200);

      await Promise.all(before.map((tokens, i) => logOut(replicas[i % 2]!, tokens)));
      await server.stop();
      const refused = await Promise.all(
        during.map(({ refreshToken }, i) => replicas[i % 2]!.client.post('/auth/logout', { refreshToken })),
      );
      expect(statusesOf(refused)).toEqual([503]);
      server = await start(dataDir); // elsewhere: nobody hears a notification
      const ids = past.map(({ refreshToken }) => `'${contentOf(refreshToken).sessionId}'`);
      await query(server.url, `UPDATE sessions SET closed_at = now() WHERE id IN (${ids.join()})`);
      await server.stop();
      server = await start(dataDir, Number(new URL(databaseUrl).port));
      expect(server.url).toBe(databaseUrl);
      for (const app of apps) await app.refuses([...before, ...past]);
      for (const app of apps) for (const tokens of during) expect(await app.status(tokens)).toBe(200);
      await Promise.all(during.map((tokens, i) => logOut(replicas[i % 2]!, tokens)));
      for (const app of apps) await app.refuses(during);
      for (const app of apps) expect(await app.status(kept!)).toBe(200);
    } finally {
      await endPrograms();
      await server.stop();
    }
  });
});
