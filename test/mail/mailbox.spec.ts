import { Database } from '../../src/platform/database/database.service.js';
import { MailService } from '../../src/mail/mail.service.js';
import { OneTimeTokensService } from '../../src/one-time-tokens/one-time-tokens.service.js';
import { Client } from '../support/http/client.js';
import { ada, grace, register, stranger } from '../support/people/people.js';
import { untilNothingIsQueued } from '../support/mail/mailed.js';
import { startService, type TestService } from '../support/service/service.js';
import { sendRaw } from '../platform/http/support/raw-http.js';

describe('The mailbox outside production', () => {
  let service: TestService;
  let client: Client;
  let mails: MailService;
  let token: string;

  beforeAll(async () => {
    service = await startService({ settings: { LINK_BASE_URL: 'https://app.example.com/account/' } });
    client = new Client(service.url);
    mails = service.app.get(MailService, { strict: false });
    const person = stranger();
    const id = await register(client, person);
    await service.mailbox.next({ to: person.email });
    const tokens = service.app.get(OneTimeTokensService, { strict: false });
    token = (await tokens.issue(id, 'reset_password', person.email))!;
  });
  afterAll(() => service.stop());

  it('shows a mail once its transaction is committed, and none of one that was rolled back', async () => {
    const database = service.app.get(Database, { strict: false });
    const refused = database.inTransaction(async () => {
      await mails.enqueue('already_registered', { to: grace.email, locale: 'en' }, {});
      throw new Error('changed my mind');
    });
    await expect(refused).rejects.toThrow('changed my mind');
    await database.inTransaction(() =>
      mails.enqueue('verify_email', { to: ada.email, locale: 'en' }, { token, validSeconds: 86_400 }),
    );
    const mail = await service.mailbox.next({ to: ada.email, template: 'verify_email' });
    expect([mail.token, mail.link]).toEqual([token, `https://app.example.com/account/verify-email#token=${token}`]);
    expect(mail.text).toContain('24 hours');
    await untilNothingIsQueued(service.database);
    expect(service.mailbox.waiting()).toEqual([]);
  });

  it('says in the log that a mail waits and where, and not whose or what it says', async () => {
    await mails.enqueue('reset_password', { to: ada.email, locale: 'ru' }, { token, validSeconds: 1_800 });
    await service.mailbox.next({ template: 'reset_password' });
    const lines = service.log.filter((line) => line.includes('"event":"mail_waits"'));
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({
      level: 'info',
      template: 'reset_password',
      path: expect.stringMatching(/^\/dev\/mailbox\/[0-9a-f-]{36}$/),
    });
    expect(service.log.join('')).not.toMatch(new RegExp(`${ada.email}|${token}`));
  });

  it('is a list of links to mails whose own links work, on pages that run nothing', async () => {
    const list = await client.get('/dev/mailbox');
    expect([list.status, list.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const path = /href="(\/dev\/mailbox\/[^"]+)"/.exec(list.text)![1]!;
    const { status, text, headers } = await client.get(path);
    expect(status).toBe(200);
    expect(text).toContain(`<a href="https://app.example.com/account/reset-password#token=${token}">`);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    expect((await client.get('/dev/mailbox/none')).status).toBe(404);
  });

  it.each([
    ['through a proxy', ['Host: localhost', 'X-Forwarded-For: 203.0.113.9']],
    ['through a proxy of the newer kind', ['Host: localhost', 'Forwarded: for=203.0.113.9']],
    ['under a name of another site that leads here', ['Host: evil.example']],
  ])('is nothing for who comes %s', async (_who, headers) => {
    const request = ['GET /dev/mailbox HTTP/1.1', ...headers, 'Connection: close', '', ''].join('\r\n');
    expect((await sendRaw(Number(new URL(service.url).port), request)).status).toBe(404);
  });

  it('does not exist in production', async () => {
    const production = await startService({ settings: { NODE_ENV: 'production', BCRYPT_COST: '10' } });
    expect((await new Client(production.url).get('/dev/mailbox')).status).toBe(404);
    expect(production.log.filter((line) => line.includes('mail_waits_for_smtp_url'))).toHaveLength(1);
    await production.stop();
  });
});
