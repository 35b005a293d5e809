import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, Client } from '../support/http/client.js';
import { logIn, type Person, register, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';
import { LIMITED } from './support/guessing.js';

describe('What somebody asks of their own account', () => {
  let service: TestService;
  let client: Client;
  let other: Person;

  beforeAll(async () => {
    service = await startService({ settings: LIMITED });
    client = new Client(service.url);
    other = stranger();
    await register(client, other);
  });
  afterAll(() => service.stop());

  const asks: [string, number, (bearer: string, time: number) => Promise<Answer>][] = [
    ['export', 10, (bearer) => client.get('/users/me/export', { bearer })],
    ['settings', 60, (bearer, time) => client.patch('/users/me', { locale: time % 2 ? 'en' : 'ru' }, { bearer })],
  ];

  it.each(asks)('is counted: %s, %i times an hour, and then tells the audit log nothing', async (kind, most, ask) => {
    const person = stranger();
    const userId = await register(client, person);
    const { accessToken } = await logIn(client, person);
    const answers: Answer[] = [];
    for (let time = 0; time < most; time++) answers.push(await ask(accessToken, time));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(answers[0]!.headers.get('ratelimit-policy')).toBe(`"${kind}";q=${most};w=3600`);
    const events = async (): Promise<number> =>
      (await service.database.query('SELECT id FROM audit_events WHERE subject_id = $1', [userId])).length;
    const before = await events();
    const refused = await ask(accessToken, most);
    expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_requests' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3_000);
    expect(await events()).toBe(before);
    expect((await ask((await logIn(client, other)).accessToken, 0)).status).toBe(200);
  });
});
