import { randomBytes } from 'node:crypto';
import { StaleDevices } from '../../src/devices/stale-devices.service.js';
import { Client } from '../support/http/client.js';
import { expectAlike, untilNothingIsQueued } from '../support/mail/mailed.js';
import { type Person, register, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { Device, digestIn, HEADER } from './support/device.js';

describe('A device that has logged in', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  const registered = async (): Promise<Person & { id: string }> => {
    const person = stranger();
    const id = await register(client, person);
    return { ...person, id };
  };
  const logIn = async (device: Device, { email, password }: Person): Promise<string> => {
    const answer = await device.logIn({ email, password });
    expect(answer.status).toBe(200);
    return answer.headers.get(HEADER)!;
  };
  const devicesOf = (userId: string) =>
    service.database.query<{ digest: Buffer; created_at: Date; last_seen_at: Date; xmin: string }>(
      'SELECT *, xmin FROM known_devices WHERE user_id = $1 ORDER BY last_seen_at DESC',
      [userId],
    );
  const isKnown = async (token: string, userId: string): Promise<boolean> =>
    (await devicesOf(userId)).some(({ digest }) => digest.equals(digestIn(token, userId)));
  const told = async ({ email }: Person): Promise<number> => {
    await untilNothingIsQueued(service.database);
    return service.mailbox.waiting({ to: email, template: 'new_device' }).length;
  };
  const age = (userId: string, interval: string) =>
    service.database.query(
      `UPDATE known_devices SET created_at = created_at - $2::interval, last_seen_at = last_seen_at - $2::interval
        WHERE user_id = $1`,
      [userId, interval],
    );

  describe('is given a token', () => {
    it('in a header, of which only a digest is kept', async () => {
      const ada = await registered();
      const token = await logIn(new Device(client), ada);
      expect(token).toMatch(/^[\w-]{72}$/);
      const rows = await devicesOf(ada.id);
      expect(rows.map(({ digest }) => digest)).toEqual([digestIn(token, ada.id)]);
    });

    it('in a cookie that no script reads and no header tells, where the cookie transport is asked for', async () => {
      const { id, ...person } = await registered();
      const answer = await client.post('/auth/login', { ...person, transport: 'cookie' });
      expect(answer.headers.get(HEADER)).toBeNull();
      const [, cookie = ''] = answer.headers.getSetCookie();
      expect(cookie).toMatch(/^device_token=[\w-]{72}; Max-Age=34560000; Path=\/; HttpOnly; SameSite=Strict$/);
      expect(answer.text).not.toContain(cookie.slice(13, 85));
      const again = await client.post('/auth/login', person, { headers: { cookie: cookie.split(';')[0]! } });
      expect(again.headers.get(HEADER)).toBe(cookie.slice(13, 85));
      expect(await devicesOf(id)).toHaveLength(1);
    });

    it('under the __Host- name and with Secure where the issuer is https', async () => {
      const secure = await startService({ settings: { ISSUER_URL: 'https://auth.example.com' } });
      try {
        const there = new Client(secure.url);
        const person = stranger();
        await register(there, person);
        const answer = await there.post('/auth/login', { ...person, transport: 'cookie' });
        expect(answer.headers.getSetCookie()[1]).toMatch(
          /^__Host-device_token=[\w-]{72}; Max-Age=34560000; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
        );
      } finally {
        await secure.stop();
      }
    });

    it('only if it comes in: a refusal says the same to known devices, unknown ones and strangers', async () => {
      const [{ id, ...ada }, device] = [await registered(), new Device(client)];
      await logIn(device, { ...ada });
      await expectAlike([
        client.post('/auth/login', { ...ada, password: 'not the password' }, { headers: device.headers }),
        client.post('/auth/login', { ...ada, password: 'not the password' }),
        client.post('/auth/login', stranger(), { headers: device.headers }),
        client.post('/auth/login', stranger()),
        client.post('/auth/login', stranger(), { headers: { [HEADER]: 'garbage' } }),
      ]);
      const refused = await client.post('/auth/login', { ...ada, password: 'not the password', transport: 'cookie' });
      expect([refused.status, refused.headers.getSetCookie(), refused.headers.get(HEADER)]).toEqual([401, [], null]);
      expect(await devicesOf(id)).toHaveLength(1);
    });
  });

  describe('is known by its token', () => {
    it('whatever it calls itself, and keeps it', async () => {
      const [ada, device] = [await registered(), new Device(client)];
      const token = await logIn(device, ada);
      const updated = new Device(client, 'Updated/2.0');
      updated.token = token;
      expect(await logIn(updated, ada)).toBe(token);
      expect([await told(ada), (await devicesOf(ada.id)).length]).toEqual([0, 1]);
    });

    it('so that another one is told of, also when it calls itself the same', async () => {
      const [ada, device] = [await registered(), new Device(client)];
      await logIn(device, ada);
      await logIn(device, ada);
      expect(await told(ada)).toBe(0);
      await logIn(new Device(client), ada);
      await service.mailbox.next({ to: ada.email, template: 'new_device' });
      await logIn(device, ada);
      expect([await told(ada), (await devicesOf(ada.id)).length]).toEqual([0, 2]);
    });

    it('but is told of by what it calls itself until any device of the account has shown a token', async () => {
      const ada = await registered();
      await logIn(new Device(client), ada);
      await logIn(new Device(client), ada);
      expect(await told(ada)).toBe(0);
      await logIn(new Device(client, 'Another/1.0'), ada);
      await service.mailbox.next({ to: ada.email, template: 'new_device' });
    });

    it('to the accounts that logged in there, and to no other', async () => {
      const [ada, grace, device] = [await registered(), await registered(), new Device(client)];
      const hers = await logIn(device, ada);
      await logIn(device, ada);
      const graces = new Device(client);
      await logIn(graces, grace);
      await logIn(graces, grace);
      const both = await logIn(device, grace); // a device that only Ada has used before
      await service.mailbox.next({ to: grace.email, template: 'new_device' });
      expect(Buffer.from(both, 'base64url').subarray(16, 32)).toEqual(Buffer.from(hers, 'base64url').subarray(0, 16));
      expect((await devicesOf(grace.id)).map(({ digest }) => digest)).not.toContainEqual(digestIn(hers, grace.id));
      await logIn(device, ada);
      await logIn(device, grace);
      expect([await told(ada), await told(grace)]).toEqual([0, 0]);
      expect([(await devicesOf(ada.id)).length, (await devicesOf(grace.id)).length]).toEqual([1, 2]);
    });

    it('for eight accounts, of which it forgets the one longest away', async () => {
      const device = new Device(client);
      const people = [];
      for (let i = 0; i < 9; i += 1) people.push(await registered());
      for (const person of people) await logIn(device, person);
      expect(Buffer.from(device.token!, 'base64url')).toHaveLength(8 * 16 + 38);
      await logIn(device, people[8]!);
      expect(await devicesOf(people[8]!.id)).toHaveLength(1);
      await logIn(device, people[0]!);
      expect(await devicesOf(people[0]!.id)).toHaveLength(2);
    });

    it('which is made afresh when AUTH_SECRET changes, and worth nothing without its secret', async () => {
      const [old, fresh] = [
        service.config.authSecrets[0]!.toString('base64url'),
        randomBytes(32).toString('base64url'),
      ];
      const [ada, device] = [await registered(), new Device(client)];
      const token = await logIn(device, ada);
      const under = async (AUTH_SECRET: string, kept: string): Promise<string> => {
        const replica = await startService({ database: service.database, settings: { AUTH_SECRET } });
        try {
          const there = new Device(new Client(replica.url));
          there.token = kept;
          return await logIn(there, ada);
        } finally {
          await replica.stop();
        }
      };
      const renewed = await under(`${fresh},${old}`, token);
      expect(renewed).not.toBe(token);
      expect(digestIn(renewed, ada.id)).toEqual(digestIn(token, ada.id));
      expect(await devicesOf(ada.id)).toHaveLength(1);
      device.token = renewed;
      await logIn(device, ada); // the replica that has the old one only
      expect(await devicesOf(ada.id)).toHaveLength(2);
    });

    it.each([
      ['of one bit more', (token: string) => flipped(token, 0)],
      ['with another MAC', (token: string) => flipped(token, 53)],
      ['of another key', (token: string) => flipped(token, 16)],
      ['cut', (token: string) => token.slice(0, -1)],
      ['with a tail', (token: string) => `${token}A`],
      ['with padding', (token: string) => `${token}=`],
      ['sent twice', (token: string) => `${token}, ${token}`],
      ['of 10 KB', (token: string) => token.repeat(140)],
      ['that is empty', () => ''],
    ])('and not by one %s', async (_, spoil) => {
      const [ada, device] = [await registered(), new Device(client)];
      const token = await logIn(device, ada);
      device.token = spoil(token);
      expect(await logIn(device, ada)).not.toBe(token);
      expect(await devicesOf(ada.id)).toHaveLength(2);
    });

    it('and not by one of two cookies, nor by a cookie beside a header', async () => {
      const { id, ...person } = await registered();
      const token = await logIn(new Device(client), person);
      const cookies = [`device_token=${token}; device_token=${token}`, `device_token=${token}`];
      for (const [i, cookie] of cookies.entries()) {
        const headers: Record<string, string> = i === 0 ? { cookie } : { cookie, [HEADER]: 'garbage' };
        expect((await client.post('/auth/login', person, { headers })).status).toBe(200);
      }
      expect(await devicesOf(id)).toHaveLength(3);
    });
  });

  describe('is forgotten', () => {
    it('after 400 days without a login, and not a day before', async () => {
      const [ada, device] = [await registered(), new Device(client)];
      await logIn(device, ada);
      await age(ada.id, '399 days');
      await logIn(device, ada);
      expect(await devicesOf(ada.id)).toHaveLength(1);
      await age(ada.id, '400 days');
      await logIn(device, ada);
      expect(await devicesOf(ada.id)).toHaveLength(2);
      await service.app.get(StaleDevices, { strict: false }).clear();
      expect(await devicesOf(ada.id)).toHaveLength(1);
    });

    it('past twenty, the one that was seen first, but those that came back after those that never did', async () => {
      const [ada, mine] = [await registered(), new Device(client)];
      await logIn(mine, ada);
      await logIn(mine, ada);
      await age(ada.id, '30 days');
      const second = await logIn(new Device(client), ada);
      for (let i = 0; i < 18; i += 1) await logIn(new Device(client), ada);
      expect([(await devicesOf(ada.id)).length, await isKnown(second, ada.id)]).toEqual([20, true]);
      const last = await logIn(new Device(client), ada);
      expect((await devicesOf(ada.id)).length).toBe(20);
      expect([await isKnown(second, ada.id), await isKnown(mine.token!, ada.id), await isKnown(last, ada.id)]).toEqual([
        false,
        true,
        true,
      ]);
    });

    it('with its account', async () => {
      const ada = await registered();
      await logIn(new Device(client), ada);
      await service.database.query('DELETE FROM users WHERE id = $1', [ada.id]);
      expect(await devicesOf(ada.id)).toEqual([]);
    });
  });

  it('is noted when it comes back, and then once a day', async () => {
    const [ada, device] = [await registered(), new Device(client)];
    await logIn(device, ada);
    const [first] = await devicesOf(ada.id);
    expect(first!.last_seen_at).toEqual(first!.created_at);
    await logIn(device, ada);
    const [second] = await devicesOf(ada.id);
    expect(second!.last_seen_at.getTime()).toBeGreaterThan(first!.last_seen_at.getTime());
    await logIn(device, ada);
    expect(await devicesOf(ada.id)).toEqual([second]);
    await age(ada.id, '25 hours');
    await logIn(device, ada);
    const [fourth] = await devicesOf(ada.id);
    expect(Date.now() - fourth!.last_seen_at.getTime()).toBeLessThan(3_600_000);
  });
});

/** The token with one bit of a byte turned round. */
function flipped(token: string, byte: number): string {
  const bytes = Buffer.from(token, 'base64url');
  bytes[byte]! ^= 1;
  return bytes.toString('base64url');
}
