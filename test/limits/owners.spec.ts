import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Answer, Client } from '../support/http/client.js';
import { type Person, register, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { limitedTo, logInFrom } from './support/guessing.js';

const [PER_HOUR, PER_ADDRESS] = [60, 10];
const HEADER = 'x-device-token';

describe('Owners whose accounts are guessed at', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService({ settings: limitedTo(PER_HOUR, PER_ADDRESS) });
    client = new Client(service.url);
  });
  afterAll(() => service.stop());
  beforeEach(() => service.database.query('DELETE FROM rate_limits'));

  let homes = 0;
  /** Somebody with a device of either kind that has logged in before, from an address of their own. */
  const owner = async () => {
    const [person, home] = [stranger(), `10.${(homes += 1)}.0.1`];
    await register(client, person);
    const token = (await logInFrom(client, home, person)).headers.get(HEADER)!;
    const browser = await logInFrom(client, home, { ...person, transport: 'cookie' });
    const cookie = browser.headers
      .getSetCookie()
      .map((line) => line.split(';')[0]!)
      .find((pair) => pair.startsWith('device_token='))!;
    return { person, home, app: { [HEADER]: token }, browser: { cookie } };
  };
  const logIn = (person: Person, ip: string, device: Record<string, string>): Promise<Answer> =>
    client.post('/auth/login', person, { headers: { 'x-forwarded-for': ip, ...device } });
  const status = async (person: Person, ip: string, device: Record<string, string> = {}): Promise<number> =>
    (await logIn(person, ip, device)).status;
  const wrong = ({ email }: Person): Person => ({ email, password: 'a password of others' });

  it('log in from a device that has logged in before, by cookie and by header, and from no other', async () => {
    const { person, home, app, browser } = await owner();
    for (let i = 0; i < 5; i++) expect(await status(wrong(person), home)).toBe(401);
    expect(await status(person, home)).toBe(429);
    for (const device of [app, browser]) expect(await status(person, home, device)).toBe(200);
    expect(await status(person, home)).toBe(429);
  });

  it('log in from it, though the guesses came from everywhere, and it does, too', async () => {
    const { person, app, browser } = await owner();
    for (let i = 0; i < 5; i++) expect(await status(wrong(person), `198.18.${i}.1`)).toBe(401);
    expect(await status(person, '203.0.113.1')).toBe(429);
    for (const device of [app, browser]) expect(await status(person, '203.0.113.2', device)).toBe(200);
  });

  it('log in from it while their whole network is shut', async () => {
    const { person, home, app, browser } = await owner();
    const neighbour = (i: number): string => home.replace(/1$/, String(2 + (i % 10)));
    for (let i = 0; i < 4 * PER_ADDRESS; i++) expect(await status(wrong(stranger()), neighbour(i))).toBe(401);
    expect(await status(person, home)).toBe(429);
    for (const device of [app, browser]) expect(await status(person, home, device)).toBe(200);
  });

  it('are no better off with the device of somebody else', async () => {
    const [ada, grace] = [await owner(), await owner()];
    for (let i = 0; i < 5; i++) expect(await status(wrong(ada.person), ada.home)).toBe(401);
    for (const device of [grace.app, grace.browser]) expect(await status(ada.person, ada.home, device)).toBe(429);
  });

  it('have five guesses on a known device, like any thief of it, and leave the others theirs', async () => {
    const { person, home, app, browser } = await owner();
    const guesses: number[] = [];
    for (let i = 0; i < 6; i++) guesses.push(await status(wrong(person), `203.0.${i}.1`, app));
    expect(guesses).toEqual([401, 401, 401, 401, 401, 429]);
    expect(await status(person, home, app)).toBe(429);
    const byBrowser = await logIn(person, home, browser);
    expect([byBrowser.status, byBrowser.headers.get('ratelimit')]).toEqual([
      200,
      expect.stringMatching(/^"login";r=5;/),
    ]);
    expect(await status(person, home)).toBe(200);
  });

  it('log in from it once the whole service has had its wrong passwords of the hour', async () => {
    const { person, home, app, browser } = await owner();
    for (let i = 0; i < 3; i++) expect(await status(wrong(stranger()), home)).toBe(401);
    for (let i = 3; i < PER_HOUR; i++) expect(await status(wrong(stranger()), `198.19.${i >> 2}.${i}`)).toBe(401);
    expect(await status(person, home)).toBe(429);
    for (const device of [app, browser]) expect(await status(person, home, device)).toBe(200);
  });
});
