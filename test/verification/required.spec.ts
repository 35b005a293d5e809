import { v7 as uuidv7 } from 'uuid';
import { HashPool } from '../../src/auth/passwords/hashing/hash-pool.service.js';
import { OneTimeTokensService } from '../../src/one-time-tokens/one-time-tokens.service.js';
import { hold, untilWaiting } from '../support/database/held.js';
import type { Answer } from '../support/http/client.js';
import { expectAlike, forgotPassword, untilNothingIsQueued } from '../support/mail/mailed.js';
import { type Person, stranger } from '../support/people/people.js';
import { type Replicas, startReplicas } from '../support/service/replicas.js';
import { statusesOf, times } from '../support/sessions/refreshes.js';

describe('Where addresses must be confirmed', () => {
  let replicas: Replicas;

  beforeAll(async () => {
    replicas = await startReplicas({ EMAIL_VERIFICATION: 'required' });
  });
  afterAll(() => replicas.stop());

  const post = (path: string, body: object): Promise<Answer> => replicas.next().post(path, body);
  const register = (person: Person): Promise<Answer> => post('/auth/register', person);
  const verify = (token: string): Promise<Answer> => post('/auth/verify-email', { token });
  const login = async (person: Person): Promise<unknown> => {
    const { status, body } = await post('/auth/login', person);
    return status === 200 ? 200 : [status, body.code];
  };
  const reset = (token: string, password: string): Promise<Answer> => post('/auth/reset-password', { token, password });
  const NOT_VERIFIED = [403, 'email_not_verified'];
  const INVALID = [401, 'invalid_credentials'];

  /** Registered, and nothing confirmed. @returns the token that was mailed */
  const registered = async (person: Person): Promise<string> => {
    expect((await register(person)).status).toBe(202);
    return (await replicas.mailbox.next({ to: person.email, template: 'verify_email' })).token;
  };
  const verified = async (): Promise<Person> => {
    const person = stranger();
    expect((await verify(await registered(person))).status).toBe(204);
    return person;
  };
  /** The same address in other hands. */
  const another = ({ email }: Person): Person => ({ email, password: 'a password of another one' });
  const templatesTo = async (email: string): Promise<string[]> => {
    await untilNothingIsQueued(replicas.database);
    return replicas.mailbox.waiting({ to: email }).map(({ template }) => template);
  };

  it('nobody logs in before, and the right password alone is told why', async () => {
    const person = stranger();
    const token = await registered(person);
    expect([await login(person), await login(another(person))]).toEqual([NOT_VERIFIED, INVALID]);
    expect(await replicas.database.query('SELECT FROM sessions')).toEqual([]);
    await verify(token);
    expect(await login(person)).toBe(200);
  });

  it('a disabled account is not told why', async () => {
    const person = stranger();
    await registered(person);
    await replicas.database.query('UPDATE users SET disabled_at = now() WHERE email = $1', [person.email]);
    expect(await login(person)).toEqual(INVALID);
  });

  it('a registration is answered alike for every address, by as many hashes, and only mails differ', async () => {
    const [known, unproven, disabled, unknown] = [await verified(), stranger(), stranger(), stranger()];
    await registered(unproven);
    await registered(disabled);
    await replicas.database.query('UPDATE users SET disabled_at = now() WHERE email = $1', [disabled.email]);
    const hashed = (): number =>
      replicas.services.map(({ app }) => app.get(HashPool, { strict: false }).jobs).reduce((a, b) => a + b);
    const jobs: number[] = [];
    const answers: Answer[] = [];
    for (const person of [known, another(known), unproven, disabled, unknown]) {
      const before = hashed();
      answers.push(await register(person));
      jobs.push(hashed() - before);
    }
    await expectAlike(answers.map((answer) => Promise.resolve(answer)));
    expect([answers[0]!.status, answers[0]!.text, jobs]).toEqual([202, '', [1, 1, 1, 1, 1]]);
    expect(await templatesTo(known.email)).toEqual(['already_registered', 'already_registered']);
    expect(await templatesTo(unproven.email)).toEqual(['verify_email']);
    expect(await templatesTo(disabled.email)).toEqual([]);
    expect(await templatesTo(unknown.email)).toEqual(['verify_email']);
    expect(await login(another(known))).toEqual(INVALID);
  });

  it('a password that is refused is refused alike', async () => {
    const known = await verified();
    await expectAlike([known, stranger()].map(({ email }) => register({ email, password: 'password' })));
  });

  it('a registration that is sent again stays the same one', async () => {
    const person = stranger();
    const first = await registered(person);
    const second = await registered(person);
    expect((await verify(first)).status).toBe(400);
    expect((await verify(second)).status).toBe(204);
    expect(await login(person)).toBe(200);
  });

  it('ten registrations with one password at once are one, whoever comes first', async () => {
    const person = stranger();
    const held = await hold(replicas.database);
    await held.run('LOCK TABLE users IN SHARE MODE'); // reads go on, writes wait
    const asked = times(10, () => register(person));
    await untilWaiting(replicas.database, 10);
    await held.commit();
    expect(statusesOf(await Promise.all(asked))).toEqual([202]);
    expect(new Set(await templatesTo(person.email))).toEqual(new Set(['verify_email']));
    const mails = replicas.mailbox.waiting({ to: person.email });
    const statuses = await Promise.all(mails.map(({ token }) => verify(token)));
    expect(statuses.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(await login(person)).toBe(200);
  });

  describe('whoever registers an address of somebody else', () => {
    const chosen = 'what the owner has chosen';

    /** The owner follows the mail that came of two registrations. */
    const ownerChooses = async ({ email }: Person): Promise<void> => {
      const { token, link } = await replicas.mailbox.next({ to: email, template: 'registered_again' });
      expect(link).toContain('/reset-password#token=');
      expect((await reset(token, chosen)).status).toBe(204);
      expect(await login({ email, password: chosen })).toBe(200);
    };

    it('before the owner gains nothing by it', async () => {
      const owner = stranger();
      const thief = another(owner);
      const token = await registered(thief);
      expect((await register(owner)).status).toBe(202);
      await untilNothingIsQueued(replicas.database);
      expect((await verify(token)).status).toBe(400); // the mail of the thief's registration, which the owner has, too
      expect([await login(thief), await login(owner)]).toEqual([INVALID, INVALID]);
      await ownerChooses(owner);
      expect(await login(thief)).toEqual(INVALID);
    });

    it('after the owner, and before the owner has read the mail, gains nothing by it', async () => {
      const owner = stranger();
      const thief = another(owner);
      const token = await registered(owner);
      expect((await register(thief)).status).toBe(202);
      await untilNothingIsQueued(replicas.database);
      expect((await verify(token)).status).toBe(400);
      await ownerChooses(owner);
      expect(await login(thief)).toEqual(INVALID);
    });

    it('again and again gains nothing by it, also where the owner asks for another link', async () => {
      const owner = stranger();
      const thief = another(owner);
      await registered(thief);
      await register(owner);
      await untilNothingIsQueued(replicas.database);
      for (let i = 0; i < 3; i++) await register(thief);
      await untilNothingIsQueued(replicas.database);
      await post('/auth/verify-email/resend', { email: owner.email });
      const { token } = await replicas.mailbox.next({ to: owner.email, template: 'verify_email' });
      expect((await verify(token)).status).toBe(204);
      expect([await login(thief), await login(owner)]).toEqual([INVALID, INVALID]);
      const recovery = await forgotPassword(replicas.next(), replicas.mailbox, owner.email);
      expect((await reset(recovery, chosen)).status).toBe(204);
      expect(await login({ ...owner, password: chosen })).toBe(200);
      expect(await login(thief)).toEqual(INVALID);
    });

    it('that is confirmed changes nothing, and its owner is told', async () => {
      const owner = await verified();
      await register(another(owner));
      const { link } = await replicas.mailbox.next({ to: owner.email, template: 'already_registered' });
      expect(link).toMatch(/\/forgot-password$/);
      expect([await login(owner), await login(another(owner))]).toEqual([200, INVALID]);
    });

    it('in the moment in which it is confirmed cannot put a password in its place', async () => {
      for (let i = 0; i < 20; i++) {
        const owner = stranger();
        const token = await registered(owner);
        const [confirmed] = await Promise.all([verify(token), register(another(owner))]);
        await untilNothingIsQueued(replicas.database);
        expect(await login(owner)).toEqual(confirmed.status === 204 ? 200 : INVALID);
        expect(await login(another(owner))).toEqual(INVALID);
      }
    });
  });

  it('who was invited and registers instead is told so, and keeps the invitation', async () => {
    const { email, password } = stranger();
    const userId = uuidv7();
    await replicas.database.query('INSERT INTO users (id, email, invited_at) VALUES ($1, $2, now())', [userId, email]);
    const links = replicas.services[0]!.app.get(OneTimeTokensService, { strict: false });
    const token = await links.issue(userId, 'invitation', email);
    expect((await register({ email, password })).status).toBe(202);
    expect(await templatesTo(email)).toEqual(['already_registered']);
    expect(await login({ email, password })).toEqual(INVALID);
    expect((await post('/auth/accept-invitation', { token, password })).status).toBe(204);
    expect(await login({ email, password })).toBe(200);
  });

  it('a reset confirms the address, too', async () => {
    const person = stranger();
    await registered(person);
    const token = await forgotPassword(replicas.next(), replicas.mailbox, person.email);
    expect((await reset(token, 'a password chosen by mail')).status).toBe(204);
    expect(await login({ ...person, password: 'a password chosen by mail' })).toBe(200);
  });
});
