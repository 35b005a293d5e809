import { Client } from '../support/http/client.js';
import { claimsOf, logIn, type Person, signedIn, stranger, type Tokens } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';

describe('/sessions', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  const idOf = ({ accessToken }: Tokens): string => claimsOf(accessToken).sid as string;
  const isLive = async ({ refreshToken }: Tokens): Promise<boolean> =>
    (await client.post('/auth/refresh', { refreshToken })).status === 200;
  const onTwoDevices = async (): Promise<{ person: Person; phone: Tokens; laptop: Tokens }> => {
    const person = stranger();
    return { person, phone: await signedIn(client, person), laptop: await logIn(client, person) };
  };

  it('lists the open sessions of the caller and marks the one that asks', async () => {
    const { phone, laptop } = await onTwoDevices();
    await signedIn(client);
    const answer = await client.get('/sessions', { bearer: phone.accessToken });
    expect(answer.status).toBe(200);
    expect(answer.body.items).toHaveLength(2);
    expect(answer.body.items).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: idOf(phone), current: true }),
        expect.objectContaining({ id: idOf(laptop), current: false }),
      ]),
    );
  });

  it('tells when, until when and from where, and nothing else', async () => {
    const person = stranger();
    await signedIn(client, person);
    const headers = { 'user-agent': `Phone/${'9'.repeat(400)}` };
    const { body } = await client.post('/auth/login', person, { headers });
    const { items } = (await client.get('/sessions', { bearer: body.accessToken as string })).body;
    const mine = (items as Record<string, unknown>[]).find((item) => item.current)!;
    expect(mine).toEqual({
      id: expect.any(String),
      createdAt: expect.any(String),
      lastUsedAt: expect.any(String),
      expiresAt: expect.any(String),
      ip: '127.0.0.1',
      userAgent: `Phone/${'9'.repeat(250)}`,
      current: true,
    });
    const life = Date.parse(mine.expiresAt as string) - Date.parse(mine.lastUsedAt as string);
    expect(life).toBe(604_800_000);
  });

  it('no longer lists a session that was closed or has expired', async () => {
    const { person, phone, laptop } = await onTwoDevices();
    const tablet = await logIn(client, person);
    await client.post('/auth/logout', { refreshToken: laptop.refreshToken });
    await service.database.query(`UPDATE sessions SET refreshed_at = now() - interval '8 days' WHERE id = $1`, [
      idOf(tablet),
    ]);
    const { items } = (await client.get('/sessions', { bearer: phone.accessToken })).body;
    expect((items as { id: string }[]).map(({ id }) => id)).toEqual([idOf(phone)]);
  });

  it('closes one session by its id', async () => {
    const { phone, laptop } = await onTwoDevices();
    const answer = await client.delete(`/sessions/${idOf(laptop)}`, { bearer: phone.accessToken });
    expect(answer.status).toBe(204);
    expect([await isLive(laptop), await isLive(phone)]).toEqual([false, true]);
  });

  it('answers 404 for a session that is closed, unknown, somebody else’s or no id at all', async () => {
    const { phone, laptop } = await onTwoDevices();
    const other = await signedIn(client);
    await client.post('/auth/logout', { refreshToken: laptop.refreshToken });
    for (const id of [idOf(laptop), idOf(other), '00000000-0000-7000-8000-000000000000', 'not-an-id', '%00']) {
      const answer = await client.delete(`/sessions/${id}`, { bearer: phone.accessToken });
      expect([answer.status, answer.body.code]).toEqual([404, 'session_not_found']);
    }
    expect(await isLive(other)).toBe(true);
  });

  it('closes all, the one that asks included', async () => {
    const { phone, laptop } = await onTwoDevices();
    const other = await signedIn(client);
    expect((await client.delete('/sessions', { bearer: phone.accessToken })).status).toBe(204);
    expect([await isLive(phone), await isLive(laptop), await isLive(other)]).toEqual([false, false, true]);
  });

  it('closes all but the one that asks', async () => {
    const { phone, laptop } = await onTwoDevices();
    expect((await client.delete('/sessions?keep=current', { bearer: phone.accessToken })).status).toBe(204);
    expect([await isLive(phone), await isLive(laptop)]).toEqual([true, false]);
  });

  it.each([['keep=everything'], ['keep=current&keep=current'], ['keep'], ['all=true']])(
    'refuses ?%s instead of guessing',
    async (query) => {
      const tokens = await signedIn(client);
      expect((await client.delete(`/sessions?${query}`, { bearer: tokens.accessToken })).status).toBe(400);
      expect(await isLive(tokens)).toBe(true);
    },
  );
});
