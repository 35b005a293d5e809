import { ExpiredTokens } from '../../src/one-time-tokens/expired-tokens.service.js';
import { type Answer, Client } from '../support/http/client.js';
import { type MailServer, startMailServer } from '../support/mail/mail-server.js';
import { untilNothingIsQueued } from '../support/mail/mailed.js';
import { logIn, type Person, register, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { until } from '../support/time/until.js';

const NEW = 'another long sentence';

/** Time as links and the queue have it stands in their rows: to let it pass, they are moved into the past. */
describe('A mail with a link that is sent long after it was asked for', () => {
  let server: MailServer;
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    server = await startMailServer();
    service = await startService({ settings: { SMTP_URL: server.url } });
    client = new Client(service.url);
  });
  beforeEach(async () => {
    await catchUp();
    server.taken.length = 0;
  });
  afterAll(async () => {
    await service.stop();
    await server.stop();
  });

  const run = (sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> =>
    service.database.query(sql, values);
  /** Somebody with an account and no mail under way. */
  const someone = async (): Promise<Person & { id: string }> => {
    const person = stranger();
    const id = await register(client, person);
    await untilNothingIsQueued(service.database);
    server.taken.length = 0;
    return { ...person, id };
  };
  const links = (): string[] => server.taken.map(({ mail }) => /#token=(\S+)$/m.exec(mail.text!)?.[1] ?? 'no link');
  const forgot = ({ email }: Person): Promise<Answer> => client.post('/auth/forgot-password', { email });
  const reset = async (token: string | undefined): Promise<number> =>
    (await client.post('/auth/reset-password', { token, password: NEW })).status;

  /** So many mails have been tried, in vain. */
  const tried = (mails: number): Promise<boolean> =>
    until(async () => {
      const jobs = await run('SELECT state FROM jobs.job');
      return jobs.length === mails && jobs.every(({ state }) => state === 'retry');
    });
  const letPass = async (interval: string): Promise<void> => {
    await run(
      'UPDATE one_time_tokens SET created_at = created_at - $1::interval, expires_at = expires_at - $1::interval',
      [interval],
    );
    await service.app.get(ExpiredTokens, { strict: false }).clear();
  };
  /** The mail server is there again, and all that waits is due. */
  const catchUp = async (): Promise<void> => {
    Object.assign(server, { refuseAddress: 0, breakOff: false });
    await until(async () => {
      await run('UPDATE jobs.job SET start_after = now() WHERE start_after > now()');
      return (await run('SELECT FROM jobs.job')).length === 0;
    });
  };

  it('brings a link that has its whole life before it', async () => {
    const person = await someone();
    server.refuseAddress = 451;
    await forgot(person);
    await tried(1);
    await letPass('1 hour');
    await catchUp();
    expect(server.taken).toHaveLength(1);
    expect(server.taken[0]!.mail.text).toContain('30 minutes');
    const [left] = await run(
      `SELECT expires_at - clock_timestamp() BETWEEN '25 minutes' AND '30 minutes' AS whole
         FROM one_time_tokens WHERE user_id = $1 AND purpose = 'reset_password'`,
      [person.id],
    );
    expect(left).toEqual({ whole: true });
    expect(await reset(links()[0])).toBe(204);
    await logIn(client, { email: person.email, password: NEW });
  });

  it('brings such a link to a new account after two days', async () => {
    server.refuseAddress = 451;
    await register(client, stranger());
    await tried(1);
    await letPass('2 days');
    await catchUp();
    expect((await client.post('/auth/verify-email', { token: links()[0] })).status).toBe(204);
  });

  it('is the same mail, and its link works, an hour after the server took it without a word', async () => {
    const person = await someone();
    server.breakOff = true;
    await forgot(person);
    await tried(1);
    await letPass('1 hour');
    await catchUp();
    const [first, ...others] = server.taken.map(({ mail: { messageId, text, html } }) => ({ messageId, text, html }));
    expect(others.length).toBeGreaterThan(0);
    for (const other of others) expect(other).toEqual(first);
    expect(await reset(links()[0])).toBe(204);
  });

  it('is sent no more once a newer one was asked for', async () => {
    const person = await someone();
    server.refuseAddress = 451;
    await forgot(person);
    await tried(1);
    await forgot(person);
    await tried(2);
    await letPass('1 hour');
    await catchUp();
    expect(links()).toHaveLength(1);
    expect(await reset(links()[0])).toBe(204);
  });

  it.each([
    ['the password was changed', 'UPDATE users SET session_epoch = session_epoch + 1 WHERE id = $1'],
    ['the address was changed', `UPDATE users SET email = 'other-' || email WHERE id = $1`],
    ['the account was disabled', 'UPDATE users SET disabled_at = now() WHERE id = $1'],
    ['the link was used', `DELETE FROM one_time_tokens WHERE user_id = $1 AND purpose = 'reset_password'`],
  ])('is sent no more once %s, and the log says so without an address', async (_, sql) => {
    const { id, ...person } = await someone();
    server.refuseAddress = 451;
    await forgot(person);
    await tried(1);
    await run(sql, [id]);
    const before = service.log.length;
    await catchUp();
    expect(links()).toEqual([]);
    const outdated = service.log.slice(before).filter((line) => line.includes('"event":"mail_outdated"'));
    expect(outdated).toEqual([expect.stringMatching(/"mailId":"[0-9a-f-]{36}","template":"reset_password"/)]);
    expect(service.log.join('')).not.toContain(person.email);
  });

  describe('to take back a change of address', () => {
    const moved = async (): Promise<Person> => {
      const { email, password } = await someone();
      const { accessToken: bearer } = await logIn(client, { email, password });
      const next = stranger().email;
      await client.post('/users/me/email', { email: next, currentPassword: password }, { bearer });
      await untilNothingIsQueued(service.database);
      const token = links()[server.taken.findIndex(({ envelope }) => envelope.to[0] === next)];
      expect((await client.post('/auth/confirm-email-change', { token })).status).toBe(204);
      await untilNothingIsQueued(service.database);
      server.taken.length = 0;
      return { email, password };
    };

    it('keeps no address for longer than it would have been', async () => {
      const old = await moved();
      server.refuseAddress = 451;
      await forgot(old);
      await tried(1);
      await letPass('3 days');
      await catchUp();
      const [kept] = await run(
        `SELECT expires_at - clock_timestamp() < '4 days' AS "asBefore" FROM one_time_tokens WHERE address = $1`,
        [old.email],
      );
      expect(kept).toEqual({ asBefore: true });
      expect((await client.post('/auth/undo-email-change', { token: links()[0] })).status).toBe(204);
    });

    it('is sent also to whom a thief has closed the account, if it tells of the change', async () => {
      const { email, password, id } = await someone();
      const { accessToken: bearer } = await logIn(client, { email, password });
      server.refuseAddress = 451;
      await client.post('/users/me/email', { email: stranger().email, currentPassword: password }, { bearer });
      await tried(2);
      await run('UPDATE users SET disabled_at = now() WHERE id = $1', [id]);
      await catchUp();
      expect(server.taken.map(({ envelope, mail }) => [envelope.to[0], mail.subject])).toEqual([
        [email, 'Request to change your email address for localhost'],
      ]);
    });

    it('is sent no more once that can no longer be done', async () => {
      const old = await moved();
      server.refuseAddress = 451;
      await forgot(old);
      await tried(1);
      await letPass('7 days');
      await catchUp();
      expect(links()).toEqual([]);
    });
  });
});
