import { type RawAnswer, sendRaw } from '../platform/http/support/raw-http.js';
import { Client } from '../support/http/client.js';
import { signedIn } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { Receiver } from './support/receivers.js';

const shop = new Receiver('shop');
const again = new Receiver('shop');
const mail = new Receiver('mail');

const CHALLENGE = 'Bearer error="invalid_token", error_description="The access token is invalid or has expired."';

describe('A receiver of signals', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService({
      settings: { SSF_RECEIVERS: [shop, again, mail].map(({ setting }) => setting).join(',') },
    });
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  it('finds out about the transmitter', async () => {
    const { status, headers, body } = await client.get('/.well-known/ssf-configuration');
    const issuer = service.config.issuerUrl;
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(headers.get('cache-control')).toMatch(/^public, max-age=300,/);
    expect(body).toEqual({
      spec_version: '1_0',
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      delivery_methods_supported: ['urn:ietf:rfc:8936'],
      poll_endpoint: `${issuer}/ssf/poll`,
      events_supported: [
        'caep/event-type/session-revoked',
        'risc/event-type/account-disabled',
        'risc/event-type/account-enabled',
        'risc/event-type/account-purged',
        'risc/event-type/recovery-information-changed',
      ].map((type) => `https://schemas.openid.net/secevent/${type}`),
      critical_subject_members: ['session'],
      authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:6750' }],
      default_subjects: 'ALL',
    });
  });

  it('is known by either of two tokens, so that one can follow the other', async () => {
    await client.post('/auth/logout', { refreshToken: (await signedIn(client)).refreshToken });
    const [one, other] = [await shop.fetch(service), await again.fetch(service)];
    expect([one.jtis.length, other.jtis]).toEqual([1, one.jtis]);
    expect((await mail.fetch(service)).jtis).not.toEqual(one.jtis);
  });

  it.each([
    ['no token', {}, 'Bearer'],
    ['another scheme', { authorization: 'Basic c2hvcDpzaG9w' }, 'Bearer'],
    ['a scheme without a token', { authorization: 'Bearer ' }, 'Bearer'],
    ['an unknown token', { authorization: 'Bearer 0' }, CHALLENGE],
    ['the digest of its token', { authorization: `Bearer ${shop.setting.split(':')[1]}` }, CHALLENGE],
    ['its token and more', { authorization: `Bearer ${shop.token}0` }, CHALLENGE],
    ['part of its token', { authorization: `Bearer ${shop.token.slice(1)}` }, CHALLENGE],
    ['its token in another case', { authorization: `Bearer ${shop.token.toUpperCase()}` }, CHALLENGE],
    ['a token of 12 KB', { authorization: `Bearer ${'0'.repeat(12_000)}` }, CHALLENGE],
  ])('is refused with %s, whatever its body is', async (_, headers, challenge) => {
    for (const body of [{}, { unknown: 1 }]) {
      const answer = await client.post('/ssf/poll', body, { headers });
      expect([answer.status, answer.body.code]).toEqual([401, 'invalid_token']);
      expect(answer.headers.get('www-authenticate')).toBe(challenge);
    }
  });

  it('is refused with two Authorization headers, of whatever tokens', async () => {
    const send = (...tokens: string[]): Promise<RawAnswer> =>
      sendRaw(
        Number(new URL(service.url).port),
        [
          'POST /ssf/poll HTTP/1.1',
          'Host: x',
          ...tokens.map((token) => `Authorization: Bearer ${token}`),
          'Content-Type: application/json',
          'Content-Length: 26',
          'Connection: close',
          '',
          '{"returnImmediately":true}',
        ].join('\r\n'),
      );
    expect((await send(shop.token)).status).toBe(200);
    expect((await send(shop.token, shop.token)).status).toBe(401);
    expect((await send(shop.token, '0')).status).toBe(401);
  });

  it('is not let in by a token in the query or the body', async () => {
    expect((await client.post(`/ssf/poll?access_token=${shop.token}`, {})).status).toBe(401);
    expect((await client.post('/ssf/poll', { access_token: shop.token })).status).toBe(401);
  });

  it('finds its token nowhere in the log', () => {
    expect(service.log.join('')).not.toContain(shop.token);
    expect(service.log.join('')).not.toContain(shop.setting.split(':')[1]);
  });
});

describe('Without receivers', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  it('there is nothing to find and nothing to poll', async () => {
    for (const answer of [
      await client.get('/.well-known/ssf-configuration'),
      await shop.poll(service),
      await client.post('/ssf/poll'),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([404, 'signals_off']);
      expect(answer.headers.has('www-authenticate')).toBe(false);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
  });

  it('nothing is kept of a session that is closed', async () => {
    await client.post('/auth/logout', { refreshToken: (await signedIn(client)).refreshToken });
    expect(await service.database.query('SELECT FROM revocations')).toHaveLength(1);
    expect(await service.database.query('SELECT FROM signals')).toEqual([]);
  });
});
