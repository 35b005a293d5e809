import { Client } from '../../support/http/client.js';
import { type Person, stranger } from '../../support/people/people.js';
import { startService, type TestService } from '../../support/service/service.js';
import { refusal, traces } from '../support/refusals.js';

const NFC = 'na\u00efve caf\u00e9 \u1f82';
const NFD = NFC.normalize('NFD');

describe('A password in a request', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService();
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  const account = async (password: string): Promise<Person> => {
    const person = { ...stranger(), password };
    expect((await client.post('/auth/register', person)).status).toBe(201);
    return person;
  };
  const statusOf = async (person: Person): Promise<number> => (await client.post('/auth/login', person)).status;

  it.each([
    ['register', 'lone surrogates', '\ud800canary-password', [400, 'malformed_body']],
    ['login', 'lone surrogates', '\ud800canary-password', [400, 'malformed_body']],
    ['register', '129 characters', 'canary'.padEnd(129, '\u00e9'), [400, 'validation_failed', 'password too_long']],
    ['register', '129 after NFC', 'canary' + 'e\u0301'.repeat(123), [400, 'validation_failed', 'password too_long']],
    [
      'login',
      '129 characters',
      'canary'.padEnd(129, '\u00e9'),
      [400, 'validation_failed', 'password invalid_password'],
    ],
    ['register', '7 characters', 'canary7', [400, 'validation_failed', 'password too_short']],
    ['login', 'nothing', '', [400, 'validation_failed', 'password invalid_password']],
    ['register', 'nothing', '', [400, 'validation_failed', 'password too_short']],
    ['register', 'a common one', 'iloveyou1', [400, 'validation_failed', 'password password_blocklisted']],
    [
      'login',
      '16 KB of marks',
      `canary${'\u0301\u0316'.repeat(3_900)}`,
      [400, 'validation_failed', 'password invalid_password'],
    ],
  ])('to %s of %s is refused before anything is hashed, and not repeated', async (route, _, password, expected) => {
    const before = await traces(service);
    const answer = await client.post(`/auth/${route}`, { ...stranger(), password });
    expect(refusal(answer)).toEqual(expected);
    expect(answer.text).not.toMatch(/canary|iloveyou/);
    expect(await traces(service)).toEqual(before);
  });

  it.each([
    ['too short', { email: 'nobody', password: 'short' }],
    ['wrong beside a wrong email', { email: 7, password: 'long enough for that' }],
    ['missing', { email: 'ada@example.com' }],
    ['good beside an unknown property', { ...stranger(), role: 'admin' }],
    ['good with an unknown transport', { ...stranger(), transport: 'pigeon' }],
  ])('that is %s is never hashed', async (_, body) => {
    const before = await traces(service);
    for (const path of ['/auth/register', '/auth/login']) expect((await client.post(path, body)).status).toBe(400);
    expect(await traces(service)).toEqual(before);
  });

  it('is hashed once for an account and once for a login, whether the account exists or not', async () => {
    const hashed = async (work: () => Promise<unknown>): Promise<number> => {
      const [before] = [(await traces(service)).hashed as number, await work()];
      return ((await traces(service)).hashed as number) - before;
    };
    const person = stranger();
    expect(await hashed(() => client.post('/auth/register', person))).toBe(1);
    expect(await hashed(() => client.post('/auth/login', person))).toBe(1);
    expect(await hashed(() => client.post('/auth/login', { ...person, password: 'not mine' }))).toBe(1);
    expect(await hashed(() => client.post('/auth/login', stranger()))).toBe(1);
  });

  it.each([
    ['64 emoji', '😀'.repeat(64)],
    ['128 characters', 'é'.repeat(128)],
    ['128 emoji, 512 bytes', '😀'.repeat(128)],
    ['a NUL in the middle', 'before\u0000after'],
    ['a JSON document', '{"$ne":null}'],
    ['SQL', "' OR '1'='1' --"],
  ])('of %s makes an account that it opens, and nothing near it does', async (_, password) => {
    const person = await account(password);
    const shorter = [...password].slice(0, -1).join('');
    expect(await statusOf(person)).toBe(200);
    expect(await statusOf({ ...person, password: shorter })).toBe(401);
    expect(await statusOf({ ...person, password: `${shorter}x` })).toBe(401);
  });

  it.each([
    ['72 equal bytes and another tail', `${'x'.repeat(72)}one`, `${'x'.repeat(72)}two`],
    ['the same before a NUL', 'the same\u0000one', 'the same\u0000two'],
    ['another case', 'Case counts here', 'case counts here'],
    ['a compatible form (NFKC) only', 'ﬁne print here', 'fine print here'],
    ['blanks at the ends', ' blanks count ', 'blanks count'],
  ])('with %s is another password', async (_, password, other) => {
    const person = await account(password);
    expect([await statusOf(person), await statusOf({ ...person, password: other })]).toEqual([200, 401]);
  });

  it.each([
    ['NFC', 'NFD', NFC, NFD],
    ['NFD', 'NFC', NFD, NFC],
    ['NFD, 128 characters of 256', 'NFC', 'e\u0301'.repeat(128), 'é'.repeat(128)],
  ])('chosen in %s is the same in %s', async (_from, _to, chosen, typed) => {
    expect(chosen).not.toBe(typed);
    expect(await statusOf({ ...(await account(chosen)), password: typed })).toBe(200);
  });
});
