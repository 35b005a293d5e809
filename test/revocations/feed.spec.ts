import { createHash } from 'node:crypto';
import { hold } from '../support/database/held.js';
import { Client } from '../support/http/client.js';
import { logIn, signedIn, stranger, type Tokens } from '../support/people/people.js';
import { type Replicas, startReplicas } from '../support/service/replicas.js';
import { startService } from '../support/service/service.js';
import { contentOf, letPass } from '../support/sessions/sessions-seen.js';
import { quickest } from '../support/time/quickest.js';
import { until } from '../support/time/until.js';
import { digestOf, Follower } from './support/follower.js';

describe('GET /revocations', () => {
  let replicas: Replicas;
  let followers: Follower[];
  const open: Follower[] = [];

  const follow = async (replica: number, lastId?: number | string): Promise<Follower> => {
    const follower = await Follower.open(replicas.services[replica]!.url, lastId);
    open.push(follower);
    return follower;
  };

  beforeAll(async () => {
    replicas = await startReplicas();
    followers = await Promise.all([follow(0), follow(1)]);
  });
  afterEach(() => {
    for (const follower of open.splice(0)) if (!followers.includes(follower)) follower.leave();
  });
  afterAll(() => replicas.stop());

  const sessionIdOf = ({ refreshToken }: Tokens): string => contentOf(refreshToken).sessionId;

  const closings: Record<string, (client: Client, tokens: Tokens & { userId: string }) => Promise<unknown>> = {
    'POST /auth/logout': (client, { refreshToken }) => client.post('/auth/logout', { refreshToken }),
    'DELETE /sessions/:id': (client, tokens) =>
      client.delete(`/sessions/${sessionIdOf(tokens)}`, { bearer: tokens.accessToken }),
    'DELETE /sessions': (client, { accessToken }) => client.delete('/sessions', { bearer: accessToken }),
    'a refresh token used twice': async (client, { refreshToken }) => {
      await client.post('/auth/refresh', { refreshToken });
      await letPass(replicas.database, refreshToken, '1 minute');
      await client.post('/auth/refresh', { refreshToken });
    },
    'an UPDATE past the service': (_, tokens) =>
      replicas.database.query('UPDATE sessions SET closed_at = now() WHERE id = $1', [sessionIdOf(tokens)]),
    'the deletion of the user': (_, { userId }) => replicas.database.query('DELETE FROM users WHERE id = $1', [userId]),
  };

  it.each(Object.entries(closings))('tells on every replica of a session closed by %s', async (_, close) => {
    const attempt = async (): Promise<number> => {
      const tokens = await signedIn(replicas.all[0]!);
      await close(replicas.all[0]!, tokens);
      return Math.max(...(await Promise.all(followers.map((follower) => follower.learns(tokens)))));
    };
    expect(await quickest(1_000, attempt)).toBeLessThan(1_000);
  });

  it.each(Object.entries(closings))('is obeyed on every replica after %s', async (_, close) => {
    const tokens = await signedIn(replicas.all[0]!);
    const ask = (client: Client) => client.get('/users/me', { bearer: tokens.accessToken });
    for (const client of replicas.all) expect((await ask(client)).status).toBe(200);
    await close(replicas.all[0]!, tokens);
    for (const client of replicas.all) await until(async () => (await ask(client)).status === 401);
    const { body, headers } = await ask(replicas.all[1]!);
    expect([body.code, headers.get('www-authenticate')]).toEqual([
      'invalid_token',
      expect.stringContaining('error="invalid_token"'),
    ]);
  });

  it('is obeyed by the replica that closed at once, and by no token of another session', async () => {
    const person = stranger();
    const mine = await signedIn(replicas.all[0]!, person);
    const other = await logIn(replicas.all[0]!, person);
    expect((await replicas.all[0]!.post('/auth/logout', { refreshToken: mine.refreshToken })).status).toBe(204);
    const ask = async ({ accessToken }: Tokens) =>
      (await replicas.all[0]!.get('/users/me', { bearer: accessToken })).status;
    expect([await ask(mine), await ask(other)]).toEqual([401, 200]);
  });

  it('is silent about a refresh, and about clearing out sessions whose tokens are dead', async () => {
    const [kept, cleared, last] = [
      await signedIn(replicas.all[0]!),
      await signedIn(replicas.all[0]!),
      await signedIn(replicas.all[0]!),
    ];
    await replicas.all[0]!.post('/auth/refresh', { refreshToken: kept.refreshToken });
    await letPass(replicas.database, cleared.refreshToken, '1 hour');
    await replicas.database.query('DELETE FROM sessions WHERE id = $1', [sessionIdOf(cleared)]);
    await replicas.all[0]!.post('/auth/logout', { refreshToken: last.refreshToken });
    await followers[0]!.learns(last);
    expect(followers[0]!.digests).not.toContain(digestOf(kept));
    expect(followers[0]!.digests).not.toContain(digestOf(cleared));
  });

  it('gives digests that whoever knows the session can make, and that tell nobody else anything', async () => {
    const tokens = await signedIn(replicas.all[0]!);
    await replicas.all[0]!.post('/auth/logout', { refreshToken: tokens.refreshToken });
    await followers[0]!.learns(tokens);
    const { sessionId } = contentOf(tokens.refreshToken);
    const digest = createHash('sha256').update(`revoked-session:${sessionId}`).digest('base64url');
    expect(followers[0]!.digests).toContain(digest);
    expect(JSON.stringify(followers[0]!.entries)).not.toContain(sessionId);
  });

  it('begins with all that live, says that it has come to the end, and goes on with the same ids on each replica', async () => {
    const [before, after] = [await signedIn(replicas.all[0]!), await signedIn(replicas.all[0]!)];
    await replicas.all[0]!.post('/auth/logout', { refreshToken: before.refreshToken });
    await Promise.all(followers.map((follower) => follower.learns(before)));
    const late = await (await follow(0)).isCurrent();
    expect(late.digests).toEqual(expect.arrayContaining(followers[0]!.digests));
    await replicas.all[1]!.post('/auth/logout', { refreshToken: after.refreshToken });
    await Promise.all([...followers, late].map((follower) => follower.learns(after)));
    const ids = [...followers, late].map(({ entries }) => entries.find(({ digest }) => digest === digestOf(after))?.id);
    expect(new Set(ids).size).toBe(1);
    expect(late.currents).toBe(1);
  });

  it('is neither cached nor held back on its way', () => {
    expect(followers[0]!.status).toBe(200);
    expect(followers[0]!.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
  });

  it('brings an entry that is committed later than one of a higher id, to who follows and to who comes back', async () => {
    const [slow, fast] = [await signedIn(replicas.all[0]!), await signedIn(replicas.all[0]!)];
    const held = await hold(replicas.database);
    await held.run('UPDATE sessions SET closed_at = now() WHERE id = $1', [sessionIdOf(slow)]);
    await replicas.all[0]!.post('/auth/logout', { refreshToken: fast.refreshToken });
    await Promise.all(followers.map((follower) => follower.learns(fast)));
    const gone = followers[0]!.entries.find(({ digest }) => digest === digestOf(fast))!.id;
    const back = await (await follow(1, gone)).isCurrent();
    expect(back.digests).not.toContain(digestOf(slow));
    await held.commit();
    const again = await follow(1, gone);
    await Promise.all([...followers, back, again].map((follower) => follower.learns(slow)));
    const late = again.entries.find(({ digest }) => digest === digestOf(slow))!.id;
    expect(late).toBeLessThan(gone);
  });

  it('brings it also from a replica that meets both at once, in the order of their ids', async () => {
    const [slow, fast] = [await signedIn(replicas.all[0]!), await signedIn(replicas.all[0]!)];
    const held = await hold(replicas.database);
    await held.run('UPDATE sessions SET closed_at = now() WHERE id = $1', [sessionIdOf(slow)]);
    await replicas.all[0]!.post('/auth/logout', { refreshToken: fast.refreshToken });
    await followers[0]!.learns(fast);
    const gone = followers[0]!.entries.find(({ digest }) => digest === digestOf(fast))!.id;
    await held.commit();
    const { database, services } = replicas;
    const settings = { AUTH_SECRET: services[0]!.config.authSecrets[0]!.toString('base64url') };
    const third = await startService({ database, settings });
    try {
      const follower = await (await Follower.open(third.url, gone)).isCurrent();
      expect(follower.digests).toContain(digestOf(slow));
      const list = (await new Client(third.url).get(`/revocations?since=${gone}`)).body.items;
      expect(list).toEqual(follower.entries);
    } finally {
      await third.stop();
    }
  });

  it('goes on after the last id but for an overlap of 15 s, and begins anew after an id that nobody knows', async () => {
    const [old, young] = [await signedIn(replicas.all[0]!), await signedIn(replicas.all[0]!)];
    await replicas.database.query(
      `INSERT INTO revocations (digest, closed_at) SELECT decode($1, 'hex'), now() - interval '5 minutes'`,
      [Buffer.from(digestOf(old), 'base64url').toString('hex')],
    );
    await followers[0]!.learns(old);
    await replicas.all[0]!.post('/auth/logout', { refreshToken: young.refreshToken });
    await followers[0]!.learns(young);
    const { entries } = followers[0]!;
    const lastId = entries.at(-1)!.id;
    const ages = await replicas.database.query<{ id: string }>(
      `SELECT id FROM revocations WHERE closed_at > (SELECT closed_at FROM revocations WHERE id = $1) - interval '14 seconds'`,
      [lastId],
    );
    const resumed = await (await follow(0, lastId)).isCurrent();
    expect(resumed.entries.map(({ id }) => id)).toEqual(expect.arrayContaining(ages.map(({ id }) => Number(id))));
    for (const unknown of [lastId + 1_000, 'not an id']) {
      const anew = await (await follow(0, unknown)).isCurrent();
      expect(anew.digests).toEqual(expect.arrayContaining([digestOf(old), digestOf(young)]));
    }
  });

  describe('as a list', () => {
    it('gives the same as the stream, and what to ask for next', async () => {
      const { status, headers, body } = await replicas.all[0]!.get('/revocations?since=0');
      const streamed = (await (await follow(0)).isCurrent()).entries;
      expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
      expect(body).toEqual({ items: streamed, next: streamed.at(-1)!.id });
      expect((await replicas.all[0]!.get('/revocations', { headers: { accept: 'application/json' } })).body).toEqual(
        body,
      );
    });

    it.each(['', '-1', 'now', '1.5', '1e3', '0x1', '9999999999999999', '1&since=2'])(
      'refuses ?since=%s instead of guessing',
      async (since) => {
        const { status, body } = await replicas.all[0]!.get(`/revocations?since=${since}`);
        expect([status, body.code]).toEqual([400, 'validation_failed']);
      },
    );
  });

  it('is found by the metadata', async () => {
    const { body } = await replicas.all[0]!.get('/.well-known/oauth-authorization-server');
    expect(body.revocations_endpoint).toBe(`${body.issuer as string}/revocations`);
  });
});
