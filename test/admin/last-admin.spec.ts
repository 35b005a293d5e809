import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, Client } from '../support/http/client.js';
import { type Member, crowd } from '../support/people/crowd.js';
import { logIn } from '../support/people/people.js';
import { type Replicas, startReplicas } from '../support/service/replicas.js';

const RACES = 200;

/** What one admin may do to another, or to themselves. */
const removals: Record<string, (client: Client, id: string, bearer: string) => Promise<Answer>> = {
  demotes: (client, id, bearer) => client.patch(`/admin/users/${id}`, { role: 'user' }, { bearer }),
  disables: (client, id, bearer) => client.patch(`/admin/users/${id}`, { disabled: true }, { bearer }),
  closes: (client, id, bearer) => client.delete(`/admin/users/${id}`, { bearer }),
};

describe('The last admin', () => {
  let replicas: Replicas;

  beforeAll(async () => {
    replicas = await startReplicas();
  });
  afterAll(() => replicas.stop());

  /** These are admins, and nobody else is. */
  const onlyAdmins = async (members: Member[]): Promise<(Member & { bearer: string })[]> => {
    await replicas.database.query(
      `UPDATE users SET role = CASE WHEN id = ANY ($1) THEN 'admin' ELSE 'user' END
                                    WHERE role = 'admin' OR id = ANY ($1)`,
      [members.map(({ userId }) => userId)],
    );
    return Promise.all(
      members.map(async (member) => ({
        ...member,
        bearer: (await logIn(replicas.next(), member.person)).accessToken,
      })),
    );
  };
  const newAdmins = async (count: number): Promise<(Member & { bearer: string })[]> =>
    onlyAdmins(await crowd(replicas.next(), replicas.database, count));
  const adminsLeft = async (): Promise<number> =>
    (await replicas.database.query(`SELECT FROM users WHERE role = 'admin' AND disabled_at IS NULL`)).length;

  it.each(Object.entries(removals))('is nobody whom anybody %s, themselves included', async (_, remove) => {
    const [last] = await newAdmins(1);
    const answer = await remove(replicas.next(), last!.userId, last!.bearer);
    expect(answer).toMatchObject({ status: 409, body: { code: 'last_admin' } });
    expect((await replicas.next().get('/admin/users?limit=1', { bearer: last!.bearer })).status).toBe(200);
  });

  it('does not count who is disabled, closed, or has not accepted the invitation', async () => {
    const [last, ...others] = await newAdmins(4);
    const states = ['disabled_at = now()', 'disabled_at = now(), closed_at = now()', 'invited_at = now()'];
    for (const [index, { userId }] of others.entries()) {
      await replicas.database.query(`UPDATE users SET ${states[index]} WHERE id = $1`, [userId]);
    }
    expect((await removals.demotes!(replicas.next(), last!.userId, last!.bearer)).status).toBe(409);
    for (const { userId } of others) {
      const status = (await removals.demotes!(replicas.next(), userId, last!.bearer)).status;
      expect([200, 409]).toContain(status); // one that is closed is restored first
    }
    expect(await adminsLeft()).toBe(1);
  });

  it('may go when another was made an admin first', async () => {
    const [last] = await newAdmins(1);
    const [next] = await crowd(replicas.next(), replicas.database, 1);
    const bearer = last!.bearer;
    const promoted = await replicas.next().patch(`/admin/users/${next!.userId}`, { role: 'admin' }, { bearer });
    expect(promoted.status).toBe(200);
    expect((await replicas.next().delete(`/admin/users/${last!.userId}`, { bearer })).status).toBe(204);
    expect(await adminsLeft()).toBe(1);
  });

  it(`remains in ${RACES} races of two who remove each other`, async () => {
    const ways = Object.values(removals);
    const members = await crowd(replicas.next(), replicas.database, 2 * RACES);
    let refused = 0;
    for (let race = 0; race < RACES; race += 1) {
      const [one, two] = await onlyAdmins(members.splice(0, 2));
      const lead = (Math.random() - 0.5) * 4;
      const answers = await Promise.all([
        pause(Math.max(0, lead)).then(() => ways[race % 3]!(replicas.all[0]!, two!.userId, one!.bearer)),
        pause(Math.max(0, -lead)).then(() => ways[(race >> 1) % 3]!(replicas.all[1]!, one!.userId, two!.bearer)),
      ]);
      expect(await adminsLeft()).toBe(1);
      const statuses = answers.map(({ status }) => status);
      // Who is removed first may find the own token refused before the request gets as far as the lock.
      for (const status of statuses) expect([200, 204, 401, 409]).toContain(status);
      if (statuses.includes(409)) refused += 1;
    }
    expect(refused).toBeGreaterThan(0);
  });
});
