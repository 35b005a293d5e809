import { KeyRotation } from '../../src/keys/rotation/key-rotation.service.js';
import { KeyUnknown, StandbyTooYoung } from '../../src/keys/keys.errors.js';
import { hold, untilWaiting } from '../support/database/held.js';
import { signedIn, type Tokens } from '../support/people/people.js';
import { millisOf, quickest } from '../support/time/quickest.js';
import { type Replicas, startReplicas } from '../support/service/replicas.js';
import { until } from '../support/time/until.js';
import { keysIn, kidOf, letPass, publishedBy, signerOf, untilFollowed, wake } from './support/keys.js';

const SIGNS = '90 days';
/** As long as the last token of a key may be taken for alive. */
const ALIVE = '16 minutes 30 seconds';

describe('Signing keys', () => {
  let replicas: Replicas;

  beforeAll(async () => {
    replicas = await startReplicas();
  });
  afterAll(() => replicas.stop());
  beforeEach(async () => {
    // One key that has just begun to sign, one that has been published for long, and none besides.
    await replicas.database.query('UPDATE signing_keys SET activated_at = now() WHERE activated_at IS NOT NULL');
    await letPass(replicas.database, ALIVE);
    await wake(replicas.database);
    await until(async () => (await keysIn(replicas.database)).length === 2);
    await followed();
  });

  const signing = (): Promise<string> => kidOf(replicas.database, 'signing');
  const standby = (): Promise<string> => kidOf(replicas.database, 'standby');
  const rotations = (): KeyRotation[] => replicas.services.map(({ app }) => app.get(KeyRotation, { strict: false }));
  const followed = async (): Promise<void> => {
    for (const client of replicas.all) await untilFollowed(client, replicas.database);
  };
  /** The ids of the keys that the replicas sign with. */
  const signers = async (): Promise<string[]> => {
    const tokens = await Promise.all(replicas.all.map((client) => signedIn(client)));
    return [...new Set(tokens.map(({ accessToken }) => signerOf(accessToken)))];
  };
  const statusesOf = ({ accessToken }: Tokens): Promise<number[]> =>
    Promise.all(replicas.all.map(async (client) => (await client.get('/users/me', { bearer: accessToken })).status));
  const events = (event: string): string[] =>
    replicas.services.flatMap(({ log }) => log.filter((line) => line.includes(`"event":"${event}"`)));

  it('take over by the calendar, on every replica, and tokens of the one before stay good', async () => {
    const [before, next] = [await signing(), await standby()];
    const tokens = await signedIn(replicas.all[0]!);
    expect(signerOf(tokens.accessToken)).toBe(before);
    await letPass(replicas.database, SIGNS);
    await wake(replicas.database);
    await until(async () => (await signing()) === next);
    await followed();
    expect(await signers()).toEqual([next]);
    expect(await statusesOf(tokens)).toEqual([200, 200]);
    expect(await publishedBy(replicas.all[1]!)).toEqual(expect.arrayContaining([before, next, await standby()]));
  });

  it('do not take over before their time', async () => {
    const before = await keysIn(replicas.database);
    await letPass(replicas.database, '89 days 23 hours');
    for (const rotation of rotations()) await rotation.keep();
    expect(await keysIn(replicas.database)).toEqual(before);
  });

  it('are published for a cache life before they sign, whatever the calendar or a command says', async () => {
    const before = await keysIn(replicas.database);
    await letPass(replicas.database, SIGNS);
    await replicas.database.query(
      `UPDATE signing_keys SET created_at = now() - interval '15 minutes 50 seconds' WHERE activated_at IS NULL`,
    );
    for (const rotation of rotations()) {
      await rotation.keep();
      await expect(rotation.rotate()).rejects.toThrow(StandbyTooYoung);
    }
    expect(await keysIn(replicas.database)).toEqual(before);
  });

  it('are kept until the last token they signed is dead, and then removed', async () => {
    const before = await signing();
    const tokens = await signedIn(replicas.all[0]!);
    await rotations()[0]!.rotate();
    await letPass(replicas.database, '16 minutes');
    await rotations()[1]!.keep();
    await followed();
    expect(await statusesOf(tokens)).toEqual([200, 200]);
    await letPass(replicas.database, '30 seconds');
    await wake(replicas.database);
    await until(async () => !(await keysIn(replicas.database)).some(({ kid }) => kid === before));
    await followed();
    expect(await statusesOf(tokens)).toEqual([401, 401]);
  });

  it('are changed once when two replicas want to at once', async () => {
    await letPass(replicas.database, SIGNS);
    const held = await hold(replicas.database);
    await held.run('LOCK TABLE signing_keys IN SHARE MODE'); // reads go on, writes wait
    const both = rotations().map((rotation) => rotation.keep());
    await untilWaiting(replicas.database, 1);
    await Promise.any(both); // the other one leaves the work to the first
    await held.commit();
    await Promise.all(both);
    expect((await keysIn(replicas.database)).map(({ state }) => state)).toEqual(['retired', 'signing', 'standby']);
  });

  it('are changed by one of two commands given at once', async () => {
    const outcomes = await Promise.allSettled(rotations().map((rotation) => rotation.rotate()));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await keysIn(replicas.database)).map(({ state }) => state)).toEqual(['retired', 'signing', 'standby']);
  });

  it('are followed within moments of a command on another replica', async () => {
    let kid = '';
    const follow = async (): Promise<true> =>
      until(async () => (await publishedBy(replicas.all[1]!)).includes(await standby()));
    const attempt = async (): Promise<number> => {
      await letPass(replicas.database, ALIVE); // the standby of the attempt before may sign
      kid = await rotations()[0]!.rotate();
      return millisOf(follow);
    };
    expect(await quickest(2_000, attempt)).toBeLessThan(2_000); // without being told, up to 5 s
    expect(await signers()).toEqual([kid]);
  });

  it('are refused at once when revoked, and the standby key takes over', async () => {
    const [revoked, next] = [await signing(), await standby()];
    const tokens = await signedIn(replicas.all[0]!);
    expect(await statusesOf(tokens)).toEqual([200, 200]); // also from what the guard remembers
    expect(await rotations()[1]!.revoke(revoked)).toBe(next);
    await until(async () => (await statusesOf(tokens)).every((status) => status === 401));
    expect(await signers()).toEqual([next]);
    expect((await keysIn(replicas.database)).map(({ state }) => state)).toEqual(['signing', 'standby']);
    expect(events('signing_key_revoked').at(-1)).toContain(revoked);
  });

  it('have a successor however many are revoked one after the other', async () => {
    for (let i = 0; i < 3; i += 1) await rotations()[i % 2]!.revoke(await signing());
    await rotations()[0]!.revoke(await standby());
    await followed();
    expect((await keysIn(replicas.database)).map(({ state }) => state)).toEqual(['signing', 'standby']);
    expect(await signers()).toEqual([await signing()]);
  });

  it('are not touched by a revocation of a key that is not there', async () => {
    const before = await keysIn(replicas.database);
    await expect(rotations()[0]!.revoke('nothing')).rejects.toThrow(KeyUnknown);
    expect(await keysIn(replicas.database)).toEqual(before);
  });
});
