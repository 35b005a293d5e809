import { randomBytes } from 'node:crypto';
import { MailService } from '../../src/mail/mail.service.js';
import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { folder, removeFolders } from '../support/embedded/embedded-clusters.js';
import { type MailServer, startMailServer } from '../support/mail/mail-server.js';
import { ada } from '../support/people/people.js';
import { endPrograms, Program } from '../support/processes/program.js';
import { startService } from '../support/service/service.js';
import { until } from '../support/time/until.js';

const AUTH_SECRET = randomBytes(32).toString('base64url');

describe('A mail', () => {
  let database: TestDatabase;
  let server: MailServer;

  beforeAll(async () => {
    database = await createDatabase();
    server = await startMailServer();
  });
  afterAll(async () => {
    await endPrograms();
    await server.stop();
    await database.drop();
    await removeFolders();
  });

  it('is sent again, by the same id, when its process was killed in the middle of it', async () => {
    // As in production without a mail server: it asks for mails and sends none.
    const asking = await startService({
      database,
      settings: { AUTH_SECRET, NODE_ENV: 'production', BCRYPT_COST: '10' },
    });
    const settings = { DATABASE_URL: database.url, AUTH_SECRET, SMTP_URL: server.url };
    const killed = Program.start({ cwd: await folder(), settings });
    await killed.ready();
    server.keepSilent = true;
    await asking.app
      .get(MailService, { strict: false })
      .enqueue('already_registered', { to: ada.email, locale: 'en' }, {});
    await until(async () => server.taken.length === 1);
    expect(await killed.kill('SIGKILL')).toBe('SIGKILL');

    server.keepSilent = false;
    await database.query(`UPDATE jobs.job SET started_on = now() - interval '121 seconds'`); // its time is up
    const next = Program.start({ cwd: await folder(), settings });
    await next.ready();
    await until(async () => {
      await database.query(`UPDATE jobs.job SET start_after = now() WHERE state = 'retry'`); // once it is given back
      return server.taken.length === 2;
    });
    await until(async () => (await database.query('SELECT FROM jobs.job')).length === 0);
    expect(server.taken).toHaveLength(2);
    expect(server.taken[1]!.mail.messageId).toBe(server.taken[0]!.mail.messageId);
    expect(await next.kill('SIGTERM')).toBe(0);
    expect(killed.output + next.output).not.toContain(ada.email);
    await asking.stop();
  });

  it('waits in production until there is a mail server, and is sent then', async () => {
    const production = { AUTH_SECRET, NODE_ENV: 'production', BCRYPT_COST: '10', MAIL_FROM: 'auth@example.com' };
    const without = await startService({ database, settings: production });
    await without.app
      .get(MailService, { strict: false })
      .enqueue('session_closed_for_reuse', { to: ada.email, locale: 'ru' }, { at: new Date() });
    await without.stop();
    expect(await database.query('SELECT state FROM jobs.job')).toEqual([{ state: 'created' }]);
    server.taken.length = 0;
    const withServer = await startService({ database, settings: { ...production, SMTP_URL: server.url } });
    await until(async () => server.taken.length === 1);
    expect(server.taken[0]!.mail.text).toContain('UTC');
    await withServer.stop();
  });
});
