import { type Answer, Client } from '../support/http/client.js';
import { untilNothingIsQueued } from '../support/mail/mailed.js';
import { claimsOf, logIn, type Person, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';

const taken = { status: 409, body: { code: 'email_taken' } };
const WEEK_SECONDS = 604_800;

/** What each of the two ways to register needs: an account that is confirmed, and its session. */
const settings = { optional: {}, required: { EMAIL_VERIFICATION: 'required' } } as const;

describe.each(Object.entries(settings))(
  'The address before a change, where verification is %s',
  (verification, chosen) => {
    let service: TestService;
    let client: Client;

    beforeAll(async () => {
      service = await startService({ settings: chosen });
      client = new Client(service.url);
    });
    afterAll(() => service.stop());

    const undo = (token: string): Promise<Answer> => client.post('/auth/undo-email-change', { token });
    const confirm = (token: string): Promise<Answer> => client.post('/auth/confirm-email-change', { token });
    const tokenOf = async (
      to: string,
      template: Parameters<TestService['mailbox']['next']>[0] & object,
    ): Promise<string> => (await service.mailbox.next({ to, ...template })).token;

    const newcomer = async (): Promise<Person> => {
      const person = stranger();
      await client.post('/auth/register', person);
      const token = await tokenOf(person.email, { template: 'verify_email' });
      expect((await client.post('/auth/verify-email', { token })).status).toBe(204);
      return person;
    };
    const ask = async (from: Person, to: string): Promise<void> => {
      const { accessToken: bearer } = await logIn(client, from);
      const answer = await client.post('/users/me/email', { email: to, currentPassword: from.password }, { bearer });
      expect(answer.status).toBe(202);
    };
    const change = async (from: Person, to: Person): Promise<string> => {
      await ask(from, to.email);
      expect((await confirm(await tokenOf(to.email, { template: 'confirm_email_change' }))).status).toBe(204);
      return tokenOf(from.email, { template: 'email_changed' });
    };
    /** An account that has moved. @returns with the way back that its old address got */
    const moved = async (): Promise<{ old: Person; next: Person; back: string }> => {
      const old = await newcomer();
      const next = { ...stranger(), password: old.password };
      return { old, next, back: await change(old, next) };
    };
    /** As if the time of the ways back had gone by. */
    const letPass = (address: string): Promise<unknown> =>
      service.database.query(`UPDATE one_time_tokens SET expires_at = now() - interval '1 second' WHERE address = $1`, [
        address,
      ]);
    const emailsOf = (addresses: string[]): Promise<{ email: string }[]> =>
      service.database.query('SELECT email FROM users WHERE email = ANY ($1)', [addresses]);

    const register = (email: string): Promise<Answer> =>
      client.post('/auth/register', { email, password: 'somebody else wants it' });

    it("is nobody else's to register while the change can be undone, and free afterwards", async () => {
      const { old, back } = await moved();
      const free = stranger().email;
      const answers = [await register(old.email), await register(free)];
      if (verification === 'optional') expect(answers[0]).toMatchObject(taken);
      else expect([answers[0]!.status, answers[0]!.text]).toEqual([answers[1]!.status, answers[1]!.text]);
      expect(await emailsOf([old.email])).toEqual([]);
      await letPass(old.email);
      expect((await undo(back)).status).toBe(400);
      expect((await register(old.email)).status).toBe(verification === 'optional' ? 201 : 202);
      expect(await emailsOf([old.email])).toHaveLength(1);
    });

    it("is nobody else's to change to, also when it was asked for before: its owner gets a mail", async () => {
      const { old, back, next } = await moved();
      const other = await newcomer();
      await ask(other, old.email);
      const { token, text } = await service.mailbox.next({ to: old.email, template: 'address_kept' });
      expect(text).toContain('/undo-email-change#');
      await untilNothingIsQueued(service.database);
      expect(service.mailbox.waiting({ to: old.email, template: 'confirm_email_change' })).toEqual([]);
      expect(await undo(back)).toMatchObject({ status: 400 });
      expect((await undo(token)).status).toBe(204);
      expect(await emailsOf([old.email, next.email])).toEqual([{ email: old.email }]);
    });

    it('is refused to a change whose link was mailed while the address was free', async () => {
      const [old, other] = [await newcomer(), await newcomer()];
      const next = { ...stranger(), password: old.password };
      await ask(other, next.email);
      const link = await tokenOf(next.email, { template: 'confirm_email_change' });
      await change(old, next);
      const third = { ...stranger(), password: old.password };
      const back = await change(next, third); // now `next` is kept for the account that has moved on
      expect(await confirm(link)).toMatchObject(taken);
      expect((await undo(back)).status).toBe(204);
    });

    it("is nobody else's to be invited to", async () => {
      const { old } = await moved();
      const admin = await newcomer();
      await service.database.query(`UPDATE users SET role = 'admin' WHERE email = $1`, [admin.email]);
      const { accessToken: bearer } = await logIn(client, admin);
      expect(await client.post('/admin/users', { email: old.email }, { bearer })).toMatchObject(taken);
    });

    it('can be had again by the account that had it', async () => {
      const { old, next } = await moved();
      await change(next, old);
      expect(await emailsOf([old.email, next.email])).toEqual([{ email: old.email }]);
    });

    it('stays kept while the account is closed, and is free once it is erased', async () => {
      const { old, next } = await moved();
      const { accessToken: bearer } = await logIn(client, next);
      const closed = await client.delete('/users/me', { bearer, body: { currentPassword: next.password } });
      expect(closed.status).toBe(204);
      await register(old.email);
      expect(await emailsOf([old.email])).toEqual([]);
      await service.database.query('DELETE FROM users WHERE id = $1', [claimsOf(bearer).sub]);
      await register(old.email);
      expect(await emailsOf([old.email])).toHaveLength(1);
    });

    if (verification === 'required') {
      it('brings whoever reads its mail another way back, which lasts no longer than the first', async () => {
        const { old, back } = await moved();
        const before = await service.database.query(
          'SELECT created_at, expires_at FROM one_time_tokens WHERE address = $1',
          [old.email],
        );
        await register(old.email);
        const { token } = await service.mailbox.next({ to: old.email, template: 'address_kept' });
        const after = await service.database.query(
          'SELECT created_at, expires_at FROM one_time_tokens WHERE address = $1',
          [old.email],
        );
        expect(after).toEqual(before);
        expect(await undo(back)).toMatchObject({ status: 400, body: { code: 'invalid_one_time_token' } });
        expect((await undo(token)).status).toBe(204);
        expect(await emailsOf([old.email])).toHaveLength(1);
      });

      it('keeps the password of the account, whoever registers it', async () => {
        const { old, next } = await moved();
        await service.database.query('UPDATE users SET email_verified_at = NULL WHERE email = $1', [next.email]);
        await register(old.email);
        await service.mailbox.next({ to: old.email, template: 'address_kept' });
        const left = await service.database.query(
          'SELECT FROM credentials c JOIN users u ON u.id = c.user_id WHERE u.email = $1',
          [next.email],
        );
        expect(left).toHaveLength(1);
      });
    }

    it('brings its owner the way back when he asks for a new password', async () => {
      const { old, next } = await moved();
      expect((await client.post('/auth/forgot-password', { email: old.email })).status).toBe(202);
      const { token, text } = await service.mailbox.next({ to: old.email, template: 'address_kept' });
      expect(text).not.toContain(next.email);
      expect((await undo(token)).status).toBe(204);
    });

    it('is told no more often than its way back lives', async () => {
      const { old } = await moved();
      await letPass(old.email);
      await client.post('/auth/forgot-password', { email: old.email });
      const other = await newcomer();
      await ask(other, old.email);
      await service.mailbox.next({ to: old.email, template: 'confirm_email_change' });
      await untilNothingIsQueued(service.database);
      expect(service.mailbox.waiting({ to: old.email, template: 'address_kept' })).toEqual([]);
    });

    it('keeps a thief from turning an undone change round, who asked for the way back again', async () => {
      const { old, next } = await moved();
      const third = { ...stranger(), password: old.password };
      const thiefsWayBack = await change(next, third);
      await client.post('/auth/forgot-password', { email: old.email });
      const { token } = await service.mailbox.next({ to: old.email, template: 'address_kept' });
      expect((await undo(token)).status).toBe(204);
      expect((await undo(thiefsWayBack)).status).toBe(400);
    });

    it('lives as long as the link says', async () => {
      const { old } = await moved();
      const [row] = await service.database.query<{ seconds: string }>(
        `SELECT extract(epoch FROM expires_at - created_at) AS seconds FROM one_time_tokens WHERE address = $1`,
        [old.email],
      );
      expect(Math.abs(Number(row!.seconds) - WEEK_SECONDS)).toBeLessThan(60);
    });
  },
);
