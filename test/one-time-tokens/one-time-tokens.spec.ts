import { Database } from '../../src/platform/database/database.service.js';
import { ExpiredTokens } from '../../src/one-time-tokens/expired-tokens.service.js';
import { InvalidOneTimeToken } from '../../src/one-time-tokens/one-time-tokens.errors.js';
import type { Purpose } from '../../src/one-time-tokens/one-time-token.value.js';
import { OneTimeTokensService } from '../../src/one-time-tokens/one-time-tokens.service.js';
import { Client } from '../support/http/client.js';
import { hold, untilWaiting } from '../support/database/held.js';
import { register, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';

describe('A one-time token', () => {
  let service: TestService;
  let client: Client;
  let tokens: OneTimeTokensService;
  let database: Database;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
    tokens = service.app.get(OneTimeTokensService, { strict: false });
    database = service.app.get(Database, { strict: false });
  });
  afterAll(() => service.stop());

  const someone = async (): Promise<{ id: string; email: string }> => {
    const person = stranger();
    const id = await register(client, person);
    await service.mailbox.next({ to: person.email }); // its token is made after the answer
    return { id, email: person.email };
  };
  const change = (sql: string, id: string): Promise<unknown[]> => service.database.query(sql, [id]);
  const refused = (work: Promise<unknown>): Promise<void> => expect(work).rejects.toThrow(InvalidOneTimeToken);

  it('is 256 random bits, of which only a digest is kept', async () => {
    const { id, email } = await someone();
    const token = (await tokens.issue(id, 'reset_password', email))!;
    expect(token).toMatch(/^[\w-]{43}$/);
    const [row] = await service.database.query<{ all: string; digest: Buffer }>(
      `SELECT digest, t::text AS all FROM one_time_tokens t WHERE user_id = $1`,
      [id],
    );
    expect(row!.digest).toHaveLength(32);
    expect(row!.all).not.toContain(token);
    expect(row!.all).not.toContain(Buffer.from(token, 'base64url').toString('hex'));
  });

  it('is found as often as one looks, and redeemed once', async () => {
    const { id, email } = await someone();
    const token = (await tokens.issue(id, 'verify_email', email))!;
    for (let look = 0; look < 3; look += 1) {
      expect(await tokens.find(token, 'verify_email')).toMatchObject({ userId: id, address: email, email });
    }
    await tokens.redeem(token);
    await refused(tokens.redeem(token));
    await refused(tokens.find(token, 'verify_email'));
  });

  it('is redeemed by one of twenty who try at once', async () => {
    const { id, email } = await someone();
    const token = (await tokens.issue(id, 'verify_email', email))!;
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => tokens.redeem(token)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('stays good when the change it was redeemed for is rolled back', async () => {
    const { id, email } = await someone();
    const token = (await tokens.issue(id, 'verify_email', email))!;
    const failing = database.inTransaction(async () => {
      await tokens.redeem(token);
      throw new Error('the change fails');
    });
    await expect(failing).rejects.toThrow('the change fails');
    await tokens.redeem(token);
  });

  it.each(['', 'A'.repeat(43), 'x'.repeat(42), `${'A'.repeat(42)}=`, 'é'.repeat(43), '\u0000'.repeat(43)])(
    'is nothing that somebody made up: %j',
    async (token) => {
      await refused(tokens.find(token, 'verify_email'));
      await refused(tokens.redeem(token));
    },
  );

  it('is good for its purpose only', async () => {
    const { id, email } = await someone();
    const token = (await tokens.issue(id, 'verify_email', email))!;
    await refused(tokens.find(token, 'reset_password'));
  });

  it('dies when a newer one of its purpose is made, and lets those of other purposes live', async () => {
    const { id, email } = await someone();
    const older = (await tokens.issue(id, 'reset_password', email))!;
    const other = (await tokens.issue(id, 'verify_email', email))!;
    const newer = (await tokens.issue(id, 'reset_password', email))!;
    await refused(tokens.find(older, 'reset_password'));
    await tokens.find(newer, 'reset_password');
    await tokens.find(other, 'verify_email');
  });

  it('is the only one, however many are made at once', async () => {
    const { id, email } = await someone();
    const held = await hold(service.database);
    await held.run('SELECT FROM users WHERE id = $1 FOR UPDATE', [id]);
    const issued = Array.from({ length: 5 }, () => tokens.issue(id, 'reset_password', email));
    await untilWaiting(service.database, 5);
    await held.commit();
    const found = await Promise.allSettled(
      (await Promise.all(issued)).map((one) => tokens.find(one!, 'reset_password')),
    );
    expect(found.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it.each<[Purpose, string]>([
    ['verify_email', '24:00:00'],
    ['reset_password', '00:30:00'],
    ['change_email', '24:00:00'],
    ['undo_email_change', '168:00:00'],
    ['invitation', '168:00:00'],
  ])('to %s is good for %s, and not a moment longer', async (purpose, lifetime) => {
    const { id, email } = await someone();
    const token = (await tokens.issue(id, purpose, email))!;
    const older = (by: string): Promise<unknown[]> =>
      service.database.query(
        `UPDATE one_time_tokens SET expires_at = expires_at - $3::interval WHERE user_id = $1 AND purpose = $2`,
        [id, purpose, by],
      );
    await older(lifetime);
    await refused(tokens.find(token, purpose));
    await older('-1 minute');
    await tokens.find(token, purpose);
  });

  const changes = {
    'the password changes': 'UPDATE users SET session_epoch = session_epoch + 1 WHERE id = $1',
    'the address changes': `UPDATE users SET email = 'other-' || email WHERE id = $1`,
    'the account is disabled': 'UPDATE users SET disabled_at = now() WHERE id = $1',
    'it expires': 'UPDATE one_time_tokens SET expires_at = clock_timestamp() WHERE user_id = $1',
  };

  it.each(Object.entries(changes))('dies when %s', async (_, sql) => {
    const { id, email } = await someone();
    const token = (await tokens.issue(id, 'reset_password', email))!;
    await change(sql, id);
    await refused(tokens.find(token, 'reset_password'));
  });

  it('that takes back a change of address outlives the thief who changes address and password', async () => {
    const { id, email } = await someone();
    const token = (await tokens.issue(id, 'undo_email_change', email))!;
    await change(changes['the address changes'], id);
    await change(changes['the password changes'], id);
    await tokens.revokeAll(id);
    const second = (await tokens.issue(id, 'undo_email_change', 'thief@example.com'))!;
    expect(await tokens.find(token, 'undo_email_change')).toMatchObject({ userId: id, address: email });
    await tokens.find(second, 'undo_email_change');
  });

  it('is not made for an account that is gone or disabled', async () => {
    const { id, email } = await someone();
    await change('UPDATE users SET disabled_at = now() WHERE id = $1', id);
    expect(await tokens.issue(id, 'reset_password', email)).toBeNull();
  });

  it('leaves no row once it has expired and no mail that brings it can still be waiting', async () => {
    const { id, email } = await someone();
    await tokens.issue(id, 'reset_password', email);
    await tokens.issue(id, 'verify_email', email);
    await change(
      `UPDATE one_time_tokens
          SET expires_at = now() - CASE purpose WHEN 'verify_email' THEN interval '14 days' ELSE interval '13 days' END
        WHERE user_id = $1`,
      id,
    );
    await service.app.get(ExpiredTokens, { strict: false }).clear();
    const left = await service.database.query('SELECT purpose FROM one_time_tokens WHERE user_id = $1', [id]);
    expect(left).toEqual([{ purpose: 'reset_password' }]);
  });
});
