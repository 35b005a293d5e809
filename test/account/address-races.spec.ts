import { OneTimeTokensService } from '../../src/one-time-tokens/one-time-tokens.service.js';
import type { Purpose } from '../../src/one-time-tokens/one-time-token.value.js';
import type { Answer } from '../support/http/client.js';
import { crowd, type Member } from '../support/people/crowd.js';
import { hold, untilWaiting } from '../support/database/held.js';
import { stranger } from '../support/people/people.js';
import { raceAll } from '../support/http/races.js';
import { times } from '../support/sessions/refreshes.js';
import { type Replicas, startReplicas } from '../support/service/replicas.js';

const RACES = 100;

describe('An address that an account gives up', () => {
  let replicas: Replicas;

  beforeAll(async () => {
    replicas = await startReplicas();
  });
  afterAll(() => replicas.stop());

  const members = (size: number): Promise<Member[]> => crowd(replicas.next(), replicas.database, size);
  const issue = async ({ userId }: Member, purpose: Purpose, address: string): Promise<string> =>
    (await replicas.services[0]!.app.get(OneTimeTokensService, { strict: false }).issue(userId, purpose, address))!;
  const confirm = (token: string): Promise<Answer> => replicas.next().post('/auth/confirm-email-change', { token });
  const undo = (token: string): Promise<Answer> => replicas.next().post('/auth/undo-email-change', { token });
  const register = (email: string): Promise<Answer> =>
    replicas.next().post('/auth/register', { email, password: 'somebody else wants it' });
  const ownersOf = async (email: string): Promise<string[]> =>
    (await replicas.database.query<{ id: string }>('SELECT id FROM users WHERE email = $1', [email])).map(
      ({ id }) => id,
    );
  const addressOf = async ({ userId }: Member): Promise<string> =>
    (await replicas.database.query<{ email: string }>('SELECT email FROM users WHERE id = $1', [userId]))[0]!.email;
  /** A wish for another address, not confirmed yet. */
  const wished = async (member: Member): Promise<{ to: string; confirmation: string; back: string }> => {
    const to = stranger().email;
    const confirmation = await issue(member, 'change_email', to);
    return { to, confirmation, back: await issue(member, 'undo_email_change', member.person.email) };
  };

  it(`is nobody else's in ${RACES} races of who registers it with who confirms the new one`, async () => {
    await raceAll(await members(RACES), async (member) => {
      const { to, confirmation } = await wished(member);
      return {
        first: () => confirm(confirmation),
        second: () => register(member.person.email),
        judge: async (confirmed, registered) => {
          expect([confirmed.status, registered.status]).toEqual([204, 409]);
          expect([await addressOf(member), await ownersOf(member.person.email)]).toEqual([to, []]);
          const mail = await replicas.mailbox.next({ to: member.person.email, template: 'email_changed' });
          expect((await undo(mail.token)).status).toBe(204);
          return Math.random() < 0.5; // nothing tells which came first
        },
      };
    });
  });

  it(`is nobody else's in ${RACES} races of who registers it with who takes it back`, async () => {
    await raceAll(await members(RACES), async (member) => {
      const { confirmation } = await wished(member);
      expect((await confirm(confirmation)).status).toBe(204);
      const { token } = await replicas.mailbox.next({ to: member.person.email, template: 'email_changed' });
      return {
        first: () => undo(token),
        second: () => register(member.person.email),
        judge: async (undone, registered) => {
          expect([undone.status, registered.status]).toEqual([204, 409]);
          expect(await ownersOf(member.person.email)).toEqual([member.userId]);
          return Math.random() < 0.5;
        },
      };
    });
  });

  it(`has one owner after ${RACES} races of its undoing with the confirmation that it undoes`, async () => {
    const won = await raceAll(await members(RACES), async (member) => {
      const { to, confirmation, back } = await wished(member);
      return {
        first: () => confirm(confirmation),
        second: () => undo(back),
        judge: async (confirmed, undone) => {
          const change = confirmed.status === 204;
          expect([confirmed.status, undone.status]).toEqual(change ? [204, 400] : [400, 204]);
          expect(await addressOf(member)).toBe(change ? to : member.person.email);
          expect(await ownersOf(change ? member.person.email : to)).toEqual([]);
          for (const dead of [confirmation, back]) expect((await confirm(dead)).status).toBe(400);
          expect((await undo(back)).status).toBe(400);
          return change;
        },
      };
    });
    expect(Math.min(won.first, won.second)).toBeGreaterThan(0); // else nothing raced
  });

  it('is refused to a hundred who register it while the confirmation is about to commit', async () => {
    const [member] = await members(1);
    const { confirmation } = await wished(member!);
    const held = await hold(replicas.database); // the confirmation has changed the address, and waits for its link
    await held.run('SELECT FROM one_time_tokens WHERE user_id = $1 FOR UPDATE', [member!.userId]);
    const confirming = confirm(confirmation);
    await untilWaiting(replicas.database, 1);
    const registering = times(100, () => register(member!.person.email));
    await untilWaiting(replicas.database, 2);
    await held.commit();
    const statuses = (await Promise.all(registering)).map(({ status }) => status);
    expect((await confirming).status).toBe(204);
    expect(statuses.filter((status) => ![409, 429, 503].includes(status))).toEqual([]);
    expect(statuses).toContain(409);
    expect(await ownersOf(member!.person.email)).toEqual([]);
  });

  it('is refused to a change that another account confirms at the same moment', async () => {
    const [member, other] = await members(2);
    const { confirmation } = await wished(member!);
    const theirs = await issue(other!, 'change_email', member!.person.email);
    const held = await hold(replicas.database);
    await held.run('SELECT FROM one_time_tokens WHERE user_id = $1 FOR UPDATE', [member!.userId]);
    const confirming = confirm(confirmation);
    await untilWaiting(replicas.database, 1);
    const confirmingTheirs = confirm(theirs);
    await untilWaiting(replicas.database, 2);
    await held.commit();
    expect((await confirming).status).toBe(204);
    expect(await confirmingTheirs).toMatchObject({ status: 409, body: { code: 'email_taken' } });
    expect(await addressOf(other!)).toBe(other!.person.email);
  });
});
