import { randomBytes } from 'node:crypto';
import { MailService } from '../../src/mail/mail.service.js';
import { OneTimeTokensService } from '../../src/one-time-tokens/one-time-tokens.service.js';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { Client } from '../support/http/client.js';
import { type MailServer, startMailServer } from '../support/mail/mail-server.js';
import { untilNothingIsQueued } from '../support/mail/mailed.js';
import { ada, grace, register } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { until } from '../support/time/until.js';

const settings = {
  AUTH_SECRET: randomBytes(32).toString('base64url'),
  MAIL_FROM: 'Служба входа <auth@example.com>',
  LINK_BASE_URL: 'https://app.example.com',
};

describe('Mails by SMTP', () => {
  let database: TestDatabase;
  let server: MailServer;
  let services: TestService[];
  let token: string;

  beforeAll(async () => {
    database = await createDatabase();
    server = await startMailServer();
    const own = { database, settings: { ...settings, SMTP_URL: server.url } };
    services = [await startService(own), await startService(own)];
    const id = await register(new Client(services[0]!.url), grace);
    await untilNothingIsQueued(database);
    const tokens = services[0]!.app.get(OneTimeTokensService, { strict: false });
    token = (await tokens.issue(id, 'reset_password', grace.email))!;
  });
  beforeEach(() => {
    server.taken.length = 0;
    Object.assign(server, { refuseAddress: 0, breakOff: false, keepSilent: false });
  });
  afterAll(async () => {
    await Promise.all(services.map((service) => service.stop()));
    await server.stop();
    await database.drop();
  });

  const mails = (service = services[0]!): MailService => service.app.get(MailService, { strict: false });
  const ask = (to = ada.email): Promise<void> =>
    mails().enqueue('reset_password', { to, locale: 'en' }, { token, validSeconds: 1_800 });
  const jobs = (): Promise<{ state: string; output: unknown }[]> =>
    database.query('SELECT state, output FROM jobs.job');
  const inState = (state: string): Promise<boolean> =>
    until(async () => (await jobs()).some((job) => job.state === state));
  const allSent = (): Promise<boolean> => until(async () => (await jobs()).length === 0);
  /** The time until the next attempt passes. */
  const hurry = (): Promise<unknown[]> => database.query(`UPDATE jobs.job SET start_after = now()`);
  const log = (): string => services.flatMap((service) => service.log).join('');

  it('say who sends them, by which id, and that no machine should answer, as text and as HTML', async () => {
    await ask();
    await allSent();
    expect(server.taken).toHaveLength(1);
    const { envelope, mail, raw } = server.taken[0]!;
    expect(envelope).toEqual({ from: 'auth@example.com', to: [ada.email] });
    expect(mail).toMatchObject({
      from: { name: 'Служба входа', address: 'auth@example.com' },
      to: [{ name: '', address: ada.email }],
      subject: 'Reset your password for localhost',
      messageId: expect.stringMatching(/^<[0-9a-f]{8}-[0-9a-f-]{27}@localhost>$/),
    });
    expect(new Date(mail.date!).getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect(mail.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-generated');
    expect(raw).toMatch(/^Content-Type: multipart\/alternative/m);
    for (const part of [mail.text, mail.html]) {
      expect(part).toContain(`https://app.example.com/reset-password#token=${token}`);
    }
  });

  it('are sent once each by two replicas, and told of in the log without an address', async () => {
    const addresses = Array.from({ length: 30 }, (_, i) => `person-${i}@example.com`);
    await Promise.all(
      addresses.map((to, i) => mails(services[i % 2]).enqueue('already_registered', { to, locale: 'ru' }, {})),
    );
    await allSent();
    expect(server.taken.map(({ envelope }) => envelope.to[0]).sort()).toEqual(addresses.sort());
    expect(new Set(server.taken.map(({ mail }) => mail.messageId)).size).toBe(30);
    expect(log()).toMatch(/"event":"mail_sent","requestId":null,"mailId":"[^"]+","template":"already_registered"/);
    expect(log()).not.toContain('person-');
  });

  it.each([451, 421])('wait when the server answers %i, as one that lists grey does, and arrive once', async (code) => {
    server.refuseAddress = code;
    await ask();
    await inState('retry');
    expect((await jobs())[0]!.output).toEqual({ reason: `MailNotSent SMTP_${code}` });
    server.refuseAddress = 0;
    await hurry();
    await allSent();
    expect(server.taken).toHaveLength(1);
  });

  it('are given up when the server refuses the address for good', async () => {
    server.refuseAddress = 550;
    await ask('nobody@example.com');
    await inState('cancelled');
    server.refuseAddress = 0;
    await hurry();
    await ask();
    await until(async () => server.taken.length === 1);
    expect(server.taken[0]!.envelope.to).toEqual([ada.email]);
    expect(log()).toMatch(/"event":"job_given_up".*"reason":"refused by the mail server: 550"/);
    expect(log()).not.toContain('nobody@');
    await database.query('DELETE FROM jobs.job');
  });

  it('come again the same, by the same id, when the server took one and died before it said so', async () => {
    server.breakOff = true;
    await ask();
    await inState('retry');
    server.breakOff = false;
    await hurry();
    await allSent();
    const [first, second] = server.taken.map(({ mail }) => mail);
    expect(server.taken).toHaveLength(2);
    expect(second).toEqual({ ...first!, headers: second!.headers, headerLines: second!.headerLines });
  });

  it('wait while the server is down, slow down no request, and are all sent once when it is back', async () => {
    const { port } = server;
    await server.stop();
    await Promise.all(Array.from({ length: 5 }, (_, i) => ask(`late-${i}@example.com`)));
    await until(async () => (await jobs()).filter(({ state }) => state === 'retry').length === 5);
    expect((await new Client(services[0]!.url).post('/auth/register', ada)).status).toBe(201);
    server = await startMailServer({ port });
    await hurry();
    await allSent();
    expect(server.taken.map(({ envelope }) => envelope.to[0]).sort()).toEqual([
      ada.email,
      ...Array.from({ length: 5 }, (_, i) => `late-${i}@example.com`),
    ]);
  });

  it('stand nowhere in the database or the log as they wait, nor do whom they are for', async () => {
    server.refuseAddress = 451;
    await ask('canary-of-an-address@example.com');
    await inState('retry');
    const tables = await database.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname IN ('public', 'jobs')`,
    );
    expect(tables.length).toBeGreaterThan(8);
    for (const { name } of tables) {
      const rows = await database.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
      const all = rows.map(({ row }) => row).join('\n');
      for (const secret of ['canary', token]) expect(all).not.toContain(secret);
    }
    for (const secret of ['canary', token, 'reset-password#']) expect(log()).not.toContain(secret);
    await database.query('DELETE FROM jobs.job');
  });

  it('go to nobody when what should be an address holds another', async () => {
    await ask('ada@example.com\r\nBcc: evil@example.com');
    await ask('ada@example.com, evil@example.com');
    await until(async () => (await jobs()).every(({ state }) => state !== 'active' && state !== 'created'));
    expect(server.taken).toEqual([]);
    await database.query('DELETE FROM jobs.job');
  });
});

describe('A mail of an app', () => {
  it.each([`"Ada's" <evil@example.com>, & co`, '🌼'.repeat(60), 'Ромашка; חברה: =?utf-8?q?x?='])(
    'bears the name %s in its subject and its sender, and in no other line',
    async (APP_NAME) => {
      const server = await startMailServer();
      const service = await startService({ settings: { APP_NAME, MAIL_FROM: 'auth@a.example', SMTP_URL: server.url } });
      try {
        await service.app
          .get(MailService, { strict: false })
          .enqueue('already_registered', { to: ada.email, locale: 'en' }, {});
        await untilNothingIsQueued(service.database);
        const { envelope, mail } = server.taken[0]!;
        expect(envelope).toEqual({ from: 'auth@a.example', to: [ada.email] });
        expect(mail).toMatchObject({
          from: { name: APP_NAME, address: 'auth@a.example' },
          to: [{ name: '', address: ada.email }],
          subject: `You already have an account at ${APP_NAME}`,
        });
        expect(mail.headers.map(({ key }) => key).sort()).toEqual([
          'auto-submitted',
          'content-type',
          'date',
          'from',
          'message-id',
          'mime-version',
          'subject',
          'to',
        ]);
      } finally {
        await service.stop();
        await server.stop();
      }
    },
  );

  it('has the name of MAIL_FROM where it has one', async () => {
    const settings = { APP_NAME: 'Acme', MAIL_FROM: 'Acme accounts <auth@a.example>' };
    const service = await startService({ settings });
    expect(service.config.mailFrom).toEqual({ name: 'Acme accounts', address: 'auth@a.example' });
    await service.stop();
  });
});

describe('A mail server that is not to be trusted', () => {
  /** What becomes of a mail that such a service is asked for. */
  async function reasonWith(smtpUrl: string): Promise<unknown> {
    const service = await startService({ settings: { ...settings, SMTP_URL: smtpUrl } });
    try {
      const mails = service.app.get(MailService, { strict: false });
      await mails.enqueue('already_registered', { to: ada.email, locale: 'en' }, {});
      const reason = await until(async () => {
        const [job] = await service.database.query<{ output: { reason: string } | null }>(
          'SELECT output FROM jobs.job',
        );
        return job?.output?.reason;
      });
      expect(service.log.join('')).not.toContain('canary'); // the password that some of them show the server
      return reason;
    } finally {
      await service.stop();
    }
  }

  it.each([
    ['by TLS from the first byte, with a certificate that nobody vouches for', { secure: true }, ''],
    ['by STARTTLS, with such a certificate', { disabledCommands: [] }, ''],
    ['by a connection that must become TLS and does not', {}, '?requireTLS=true'],
  ])('gets nothing %s', async (_how, options, query) => {
    const server = await startMailServer(options);
    try {
      expect(await reasonWith(server.url + query)).toMatch(/^MailNotSent (ESOCKET|ETLS|SMTP_\d+|ECONNECTION)$/);
      expect(server.taken).toEqual([]);
    } finally {
      await server.stop();
    }
  });

  it('is asked again later when it does not let the service in', async () => {
    const server = await startMailServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (_auth, _session, answer) => answer(new Error('wrong password')),
    });
    try {
      const url = server.url.replace('//', '//service:canary-password@');
      expect(await reasonWith(url)).toBe('MailNotSent SMTP_535');
    } finally {
      await server.stop();
    }
  });
});
