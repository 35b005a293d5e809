import { SignalUpkeep } from '../../src/signals/upkeep/signal-upkeep.service.js';
import { KeyRotation } from '../../src/keys/rotation/key-rotation.service.js';
import { Client } from '../support/http/client.js';
import { claimsOf, signedIn, stranger, type Tokens } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { contentOf, letPass } from '../support/sessions/sessions-seen.js';
import { until } from '../support/time/until.js';
import { Receiver } from './support/receivers.js';
import { headerOf, verifies } from './support/sets.js';

const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';
const shop = new Receiver('https://shop.example.com/signals');

describe('A Security Event Token', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService({ settings: { SSF_RECEIVERS: shop.setting } });
    client = new Client(service.url);
  });
  beforeEach(() => shop.drain(service));
  afterAll(() => service.stop());

  const logOut = ({ refreshToken }: Tokens) => client.post('/auth/logout', { refreshToken });

  it('says what RFC 8417, RFC 9493 and CAEP ask for, and nothing more', async () => {
    const before = Math.floor(Date.now() / 1000);
    const tokens = await signedIn(client);
    await logOut(tokens);
    const { sets, jtis } = await shop.fetch(service);
    const set = sets[jtis[0]!]!;
    expect(headerOf(set)).toEqual({ alg: 'ES256', typ: 'secevent+jwt', kid: expect.stringMatching(/^[\w-]{43}$/) });
    const claims = claimsOf(set);
    expect(claims).toEqual({
      iss: service.config.issuerUrl,
      jti: jtis[0],
      aud: shop.id,
      iat: expect.any(Number),
      txn: expect.stringMatching(/^\d+$/),
      sub_id: {
        format: 'complex',
        session: { format: 'opaque', id: claimsOf(tokens.accessToken).sid },
        user: { format: 'iss_sub', iss: service.config.issuerUrl, sub: tokens.userId },
      },
      events: {
        [SESSION_REVOKED]: {
          event_timestamp: claims.iat,
          initiating_entity: 'user',
          reason_admin: { en: 'The user logged out.' },
        },
      },
    });
    expect(Number.isInteger(claims.iat)).toBe(true);
    expect(claims.iat).toBeGreaterThanOrEqual(before - 1);
    expect(claims.iat).toBeLessThanOrEqual(Math.floor(Date.now() / 1000) + 1);
  });

  const causes: Record<string, [(tokens: Tokens) => Promise<unknown>, object]> = {
    'who closed their sessions': [
      ({ accessToken }) => client.delete('/sessions', { bearer: accessToken }),
      { initiating_entity: 'user', reason_admin: { en: 'The user closed the session.' } },
    ],
    'a refresh token that came back': [
      async ({ refreshToken }) => {
        await client.post('/auth/refresh', { refreshToken });
        await letPass(service.database, refreshToken, '1 minute');
        await client.post('/auth/refresh', { refreshToken });
      },
      { initiating_entity: 'policy', reason_admin: { en: 'A used refresh token came back.' } },
    ],
    // By its owner or by an admin, the reason does not tell.
    'nobody, where an account was closed': [
      ({ accessToken }) =>
        client.delete('/users/me', { bearer: accessToken, body: { currentPassword: stranger().password } }),
      { reason_admin: { en: 'The account was closed.' } },
    ],
    'nobody, where nobody is known': [
      ({ refreshToken }) =>
        service.database.query('DELETE FROM sessions WHERE id = $1', [contentOf(refreshToken).sessionId]),
      {},
    ],
    'nobody, where the reason is not known here': [
      ({ refreshToken }) =>
        service.database.query(`UPDATE sessions SET closed_at = now(), close_reason = 'toString' WHERE id = $1`, [
          contentOf(refreshToken).sessionId,
        ]),
      {},
    ],
  };

  it.each(Object.entries(causes))('names %s', async (_, [close, cause]) => {
    await close(await signedIn(client));
    const { sets, jtis } = await shop.fetch(service);
    const event = (claimsOf(sets[jtis[0]!]!).events as Record<string, object>)[SESSION_REVOKED];
    expect(event).toEqual({ event_timestamp: expect.any(Number), ...cause });
  });

  it('is verified with the published keys, also when it comes again after the key that signed it first is gone', async () => {
    await logOut(await signedIn(client));
    const first = await shop.fetch(service);
    const jti = first.jtis[0]!;
    expect(await verifies(client, first.sets[jti]!)).toBe(true);
    const { kid } = headerOf(first.sets[jti]!);
    await service.app.get(KeyRotation, { strict: false }).revoke(kid as string);
    const second = await until(async () => {
      const delivery = await shop.fetch(service);
      return headerOf(delivery.sets[jti]!).kid !== kid && delivery;
    });
    expect(second.jtis).toEqual([jti]);
    expect(claimsOf(second.sets[jti]!)).toEqual(claimsOf(first.sets[jti]!));
    expect(await verifies(client, second.sets[jti]!)).toBe(true);
  });

  it('is refused as an access token, and an access token is refused as a receiver’s', async () => {
    const tokens = await signedIn(client);
    await logOut(await signedIn(client));
    const { sets, jtis } = await shop.fetch(service);
    for (const [path, bearer] of [
      ['/users/me', sets[jtis[0]!]!],
      ['/users/me', shop.token],
    ] as const) {
      const { status, body } = await client.get(path, { bearer });
      expect([status, body.code]).toEqual([401, 'invalid_token']);
    }
    const poll = await client.post('/ssf/poll', {}, { bearer: tokens.accessToken });
    expect([poll.status, poll.body.code]).toEqual([401, 'invalid_token']);
  });

  it('is not made for who is no receiver any more, once nobody has named them for a day', async () => {
    const kept = async () => {
      await logOut(await signedIn(client));
      return (await service.database.query(`SELECT FROM signals WHERE receiver_id = 'gone'`)).length;
    };
    await service.database.query(
      `INSERT INTO signal_receivers VALUES ('gone', now() - interval '23 hours'), ('forgotten', now() - interval '25 hours')`,
    );
    await service.database.query(
      `UPDATE signal_receivers SET configured_at = now() - interval '30 days' WHERE id = $1`,
      [shop.id],
    );
    await service.app.get(SignalUpkeep, { strict: false }).keep();
    expect(await kept()).toBe(1);
    await service.database.query(
      `UPDATE signal_receivers SET configured_at = now() - interval '25 hours' WHERE id = 'gone'`,
    );
    await service.app.get(SignalUpkeep, { strict: false }).keep();
    expect(await kept()).toBe(1);
    const ids = await service.database.query('SELECT id FROM signal_receivers');
    expect(ids).toEqual([{ id: shop.id }]);
    expect((await shop.fetch(service)).jtis).toHaveLength(2);
  });
});
