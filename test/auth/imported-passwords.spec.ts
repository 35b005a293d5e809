import { hash as bcryptHash, genSalt } from 'bcryptjs';
import { PasswordProofs } from '../../src/auth/credentials/password-proofs.service.js';
import { HashPool } from '../../src/auth/passwords/hashing/hash-pool.service.js';
import { parseForeignHash } from '../../src/auth/passwords/imported-hash.value.js';
import { ImportedAccounts } from '../../src/auth/registration/imported-accounts.service.js';
import { Client } from '../support/http/client.js';
import { type Person, stranger } from '../support/people/people.js';
import { startService, type TestService } from '../support/service/service.js';

const COST = 6;

describe('A password whose hash was made elsewhere', () => {
  let service: TestService;
  let client: Client;

  beforeAll(async () => {
    service = await startService({ settings: { BCRYPT_COST: String(COST) } });
    client = new Client(service.url);
  });
  afterAll(() => service.stop());

  const stored = async (userId: string): Promise<{ hash: string; scheme: string }> =>
    (
      await service.database.query<{ hash: string; scheme: string }>(
        'SELECT hash, scheme FROM credentials WHERE user_id = $1',
        [userId],
      )
    )[0]!;
  const imported = async (
    password: string,
    { cost = 4, version = '2b' }: { cost?: number; version?: string } = {},
  ): Promise<{ person: Person; userId: string; foreign: string }> => {
    const person = { ...stranger(), password };
    const foreign = (await bcryptHash(password, await genSalt(cost))).replace('$2b$', `$${version}$`);
    const accounts = service.app.get(ImportedAccounts, { strict: false });
    const { imported: count } = await accounts.add([
      { email: person.email, emailVerified: true, role: 'user', locale: null, password: parseForeignHash(foreign) },
    ]);
    expect(count).toBe(1);
    const [{ id } = { id: '' }] = await service.database.query<{ id: string }>(
      'SELECT id FROM users WHERE email = $1',
      [person.email],
    );
    return { person, userId: id, foreign };
  };
  const login = async (person: Person, password = person.password): Promise<number> =>
    (await client.post('/auth/login', { ...person, password })).status;

  it.each(['2a', '2b', '2y'])('lets its owner in, written as $%s$, and is made anew by that', async (version) => {
    const { person, userId } = await imported('brought along here', { version });
    const before = await stored(userId);
    expect(before.scheme).toBe('hmac-sha384-bcrypt');
    expect(await login(person, 'brought along her')).toBe(401);
    expect(await stored(userId)).toEqual(before);
    expect(await login(person)).toBe(200);
    const after = await stored(userId);
    expect(after).toEqual({ scheme: 'bcrypt-hmac-sha384', hash: expect.stringMatching(/^\$2b\$06\$/) });
    expect(await login(person)).toBe(200);
    expect(await login(person, 'brought along her')).toBe(401);
    expect(await stored(userId)).toEqual(after);
  });

  it('counts up to its 72nd byte, until it is made anew of what was typed', async () => {
    const { person } = await imported(`${'й'.repeat(35)}xyz one end`);
    expect(await login(person, `${'й'.repeat(35)}xY`)).toBe(401);
    expect(await login(person, `${'й'.repeat(35)}xyz another end`)).toBe(200);
    expect(await login(person, `${'й'.repeat(35)}xyz one end`)).toBe(401);
  });

  it.each([
    ['as it was typed', 'cafe\u0301 du marché', 'cafe\u0301 du marché'],
    ['in NFC', 'caf\u00e9 du marché', 'cafe\u0301 du marché'],
  ])('is tried %s', async (_, before, typed) => {
    const { person } = await imported(before);
    expect(await login(person, typed)).toBe(200);
    expect(await login(person, 'caf\u00e9 du marché'.normalize('NFC'))).toBe(200);
  });

  it('proves who one is, and is left as it is by that', async () => {
    const { person, userId } = await imported('brought along here');
    const proofs = service.app.get(PasswordProofs, { strict: false });
    const before = await stored(userId);
    expect(await proofs.prove(userId, person.password)).toMatchObject({ id: userId });
    await expect(proofs.prove(userId, 'something else')).rejects.toThrow('password');
    expect(await stored(userId)).toEqual(before);
  });

  it('lies in no table as the hash that it came as', async () => {
    const { userId, foreign } = await imported('brought along here');
    const { hash } = await stored(userId);
    expect(hash).toContain(foreign.slice(0, 29));
    expect(hash).not.toContain(foreign.slice(29, 40));
    expect(parseForeignHash(hash)).toBeNull();
  });

  it.each([4, COST])('of cost %i takes a wrong guess the work of a hash of the current cost', async (cost) => {
    const { person } = await imported('brought along here', { cost });
    const pool = service.app.get(HashPool, { strict: false });
    const jobs: { cost: number; workCost: number }[] = [];
    const digest = pool.digest.bind(pool);
    pool.digest = (job) => (jobs.push(job), digest(job));
    try {
      expect(await login(person, 'something else')).toBe(401);
    } finally {
      pool.digest = digest;
    }
    // One job, whatever the cost: each job more would show by its time.
    expect(jobs).toEqual([expect.objectContaining({ cost, workCost: COST })]);
  });

  it.each([
    ['of another kind', '$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA'],
    ['cut short', `$2b$10$${'a'.repeat(40)}`],
    ['too cheap', `$2b$03$${'e'.repeat(53)}`],
    ['too dear', `$2b$16$${'e'.repeat(53)}`],
    ['of the version that was broken', `$2x$10$${'e'.repeat(53)}`],
    ['with more behind it', `$2b$10$${'e'.repeat(53)}\n`],
  ])('is none when its hash is %s', (_, text) => {
    expect(parseForeignHash(text)).toBeNull();
  });
});
