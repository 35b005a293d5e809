import { afterEach, jest } from '@jest/globals';
import { getRounds } from 'bcryptjs';
import { HashPool } from '../../src/auth/passwords/hashing/hash-pool.service.js';
import { admin } from '../admin/support/admins.js';
import { type Answer, Client } from '../support/http/client.js';
import { type Person, register, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';

const COST = 5;
const BCRYPT_HASH = /^\$2b\$05\$[./A-Za-z0-9]{53}$/;

describe('A refused login', () => {
  let service: TestService;
  let client: Client;
  let bearer: string;

  beforeAll(async () => {
    service = await startService({ settings: { BCRYPT_COST: String(COST) } });
    client = new Client(service.url);
    ({ accessToken: bearer } = await admin(client, service.database));
  });
  afterEach(() => void jest.restoreAllMocks());
  afterAll(() => service.stop());

  const account = async (): Promise<Person & { id: string }> => {
    const person = stranger();
    return { ...person, id: await register(client, person) };
  };

  /** Everybody whom a login refuses, and how they come to be so. */
  const refused: Record<string, () => Promise<Person>> = {
    'a stranger': () => Promise.resolve(stranger()),
    'one with a wrong password': async () => {
      const { email } = await account();
      return { email, password: 'a password of others' };
    },
    'one who is disabled': async () => {
      const { id, ...person } = await account();
      expect((await client.patch(`/admin/users/${id}`, { disabled: true }, { bearer })).status).toBe(200);
      return person;
    },
    'one whose account is closed': async () => {
      const { id, ...person } = await account();
      expect((await client.delete(`/admin/users/${id}`, { bearer })).status).toBe(204);
      return person;
    },
    'one who has no password yet': async () => {
      const person = stranger();
      expect((await client.post('/admin/users', { email: person.email }, { bearer })).status).toBe(201);
      return person;
    },
  };

  /** All of an answer but what is another for each. */
  const told = ({ status, headers, text }: Answer): unknown => ({
    status,
    headers: [...headers].filter(([name]) => !['date', 'x-request-id'].includes(name)),
    names: [...headers.keys()],
    text: text.replace(/"requestId":"[^"]*"/, ''),
  });

  it.each(Object.entries(refused))('is the same for %s, byte for byte', async (_, person) => {
    const [strange, answer] = [
      await client.post('/auth/login', stranger()),
      await client.post('/auth/login', await person()),
    ];
    expect(told(answer)).toEqual(told(strange));
    expect([answer.status, answer.body.code]).toEqual([401, 'invalid_credentials']);
    expect(answer.text).toMatch(/"requestId":"[^"]+"/);
  });

  it.each(Object.entries(refused))('costs one hash of the current cost for %s', async (_, person) => {
    const pool = service.app.get(HashPool, { strict: false });
    const credentials = await person();
    const compared = jest.spyOn(pool, 'compare');
    const before = pool.jobs;
    expect((await client.post('/auth/login', credentials)).status).toBe(401);
    expect(pool.jobs - before).toBe(1);
    expect(compared).toHaveBeenCalledTimes(1);
    const [, hash] = compared.mock.calls[0]!;
    expect([hash, getRounds(hash)]).toEqual([expect.stringMatching(BCRYPT_HASH), COST]);
  });
});
