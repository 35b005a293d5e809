import { hold, untilWaiting } from '../../support/database/held.js';
import { signedIn } from '../../support/people/people.js';
import { type Replicas, startReplicas } from '../../support/service/replicas.js';
import { refresh, statusesOf, times } from '../../support/sessions/refreshes.js';
import { contentOf, letPass, sessionOf } from '../../support/sessions/sessions-seen.js';

/** Somebody signed in and refreshed twice: the three tokens of that. */
async function threeTokens(replicas: Replicas): Promise<[first: string, second: string, third: string]> {
  const { refreshToken: first } = await signedIn(replicas.next());
  const second = (await refresh(replicas.next(), first)).body.refreshToken as string;
  return [first, second, (await refresh(replicas.next(), second)).body.refreshToken as string];
}

/** The successor of a token that a restored backup undid, and the one that it gets when it is brought again. */
async function namesakes(replicas: Replicas): Promise<[undone: string, again: string]> {
  const { refreshToken: first } = await signedIn(replicas.next());
  const undone = (await refresh(replicas.next(), first)).body.refreshToken as string;
  await replicas.database.query(
    'UPDATE sessions SET generation = 0, nonce = previous_nonce, previous_nonce = NULL WHERE id = $1',
    [contentOf(first).sessionId],
  );
  return [undone, (await refresh(replicas.next(), first)).body.refreshToken as string];
}

/** The session is closed for reuse, which was recorded once, and its tokens are refused. */
async function expectClosedOnce(replicas: Replicas, tokens: string[]): Promise<void> {
  const row = await sessionOf(replicas.database, tokens[0]);
  expect(row).toMatchObject({ close_reason: 'refresh_token_reuse', closed_at: expect.any(Date) });
  const log = replicas.services.flatMap((service) => service.log);
  expect(log.filter((line) => line.includes('"refresh_token_reuse"') && line.includes(row.id))).toHaveLength(1);
  for (const token of tokens) expect((await refresh(replicas.next(), token)).status).toBe(401);
}

describe('a refresh token that comes back', () => {
  let replicas: Replicas;

  beforeAll(async () => {
    replicas = await startReplicas();
  });
  afterAll(() => replicas.stop());

  it('closes the session once when thirty bring the old token after the window', async () => {
    const { refreshToken } = await signedIn(replicas.next());
    const newest = (await refresh(replicas.next(), refreshToken)).body.refreshToken as string;
    await letPass(replicas.database, refreshToken, '11 seconds');
    const answers = await Promise.all(times(30, () => refresh(replicas.next(), refreshToken)));
    expect(statusesOf(answers)).toEqual([401]);
    await expectClosedOnce(replicas, [refreshToken, newest]);
  });

  it('closes the session once when thirty bring the grand-parent inside the window', async () => {
    const [first, ...later] = await threeTokens(replicas);
    const answers = await Promise.all(times(30, () => refresh(replicas.next(), first)));
    expect(statusesOf(answers)).toEqual([401]);
    await expectClosedOnce(replicas, [first, ...later]);
  });

  it('closes the session when the row changes while the old token is judged', async () => {
    const [first, second] = await threeTokens(replicas);
    const held = await hold(replicas.database);
    await held.run('UPDATE sessions SET refreshed_at = clock_timestamp() WHERE id = $1', [contentOf(first).sessionId]);
    const asked = times(4, () => refresh(replicas.next(), first));
    await untilWaiting(replicas.database, 4);
    await held.commit();
    expect(statusesOf(await Promise.all(asked))).toEqual([401]);
    await expectClosedOnce(replicas, [first, second]);
  });

  it('closes the session when a parent becomes a grand-parent while it is judged', async () => {
    const { refreshToken: first } = await signedIn(replicas.next());
    const second = (await refresh(replicas.next(), first)).body.refreshToken as string;
    const held = await hold(replicas.database);
    await held.run(
      `UPDATE sessions SET generation = generation + 1, previous_nonce = nonce, nonce = decode(repeat('ab', 16), 'hex'),
              refreshed_at = clock_timestamp() WHERE id = $1`,
      [contentOf(first).sessionId],
    );
    const asked = refresh(replicas.next(), first);
    await untilWaiting(replicas.database, 1);
    await held.commit();
    expect((await asked).status).toBe(401);
    await expectClosedOnce(replicas, [first, second]);
  });

  it('closes the session when a token of a time that a restored backup undid meets its namesake', async () => {
    const [undone, again] = await namesakes(replicas);
    expect(contentOf(again).generation).toBe(contentOf(undone).generation);
    expect((await refresh(replicas.next(), undone)).status).toBe(401);
    await expectClosedOnce(replicas, [undone, again]);
  });

  it('closes the session when the parent of a time that a restored backup undid meets its namesake', async () => {
    const [undone, again] = await namesakes(replicas);
    const newest = (await refresh(replicas.next(), again)).body.refreshToken as string;
    expect((await refresh(replicas.next(), undone)).status).toBe(401);
    await expectClosedOnce(replicas, [undone, again, newest]);
  });
});

describe('with REFRESH_REUSE_SECONDS=0', () => {
  let replicas: Replicas;

  beforeAll(async () => {
    replicas = await startReplicas({ REFRESH_REUSE_SECONDS: '0' });
  });
  afterAll(() => replicas.stop());

  it('lets one of fifty through, and closes the session', async () => {
    const { refreshToken } = await signedIn(replicas.next());
    const answers = await Promise.all(times(50, () => refresh(replicas.next(), refreshToken)));
    const through = answers.filter(({ status }) => status === 200);
    expect(through).toHaveLength(1);
    expect(statusesOf(answers)).toEqual([200, 401]);
    await expectClosedOnce(replicas, [refreshToken, through[0]!.body.refreshToken as string]);
  });
});
