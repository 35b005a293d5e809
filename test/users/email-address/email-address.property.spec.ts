import fc from 'fast-check';
import { domainToUnicode } from 'node:url';
import { v7 as uuidv7 } from 'uuid';
import { parseEmailAddress } from '../../../src/users/email-address/email-address.value.js';
import { type TestDatabase } from '../../support/database/database.js';
import { startService, type TestService } from '../../support/service/service.js';

const part = fc.string({
  unit: fc.constantFrom(...'aZ0.-_+!#üÜß日пı\u0301\u200b"(),@ \t%'),
  minLength: 1,
  maxLength: 20,
});
const typed = fc.oneof(
  fc.emailAddress(),
  fc.emailAddress({ size: 'large' }),
  fc.tuple(part, part).map(([local, domain]) => `${local}@${domain}.com`),
  fc.tuple(fc.string({ unit: 'binary' }), fc.domain()).map(([local, domain]) => `${local}@${domain}`),
  fc.tuple(fc.integer({ min: 50, max: 70 }), fc.integer({ min: 50, max: 200 })).map(longAddress),
);

function longAddress([local, domain]: [number, number]): string {
  return `${'a'.repeat(local)}@${'b.'.repeat(domain / 2)}com`;
}

/** What a person may type in its place: it is the same address. */
const spellings: readonly ((address: string) => string)[] = [
  (address) => address.toUpperCase(),
  (address) => `  ${address}\t`,
  (address) => address.replace(/@.*/, (domain) => `@${domainToUnicode(domain.slice(1))}`),
  (address) => address.replace(/@.*/, (domain) => `@${domainToUnicode(domain.slice(1)).normalize('NFD')}`),
];

describe('Any email address', () => {
  let service: TestService;
  let database: TestDatabase;

  beforeAll(async () => {
    service = await startService(); // it makes the tables
    database = service.database;
  });
  afterAll(() => service.stop());

  it('that is accepted is one that the database takes, and has one form', async () => {
    const accepted = new Set<string>();
    const property = fc.property(typed, (text) => {
      const kept = parseEmailAddress(text);
      if (kept === null) return;
      accepted.add(kept);
      for (const spell of spellings) expect(parseEmailAddress(spell(kept))).toBe(kept);
    });
    fc.assert(property, { numRuns: 5_000 });
    expect(accepted.size).toBeGreaterThan(500);
    const rows = [...accepted];
    await database.query('INSERT INTO users (id, email) SELECT * FROM unnest($1::uuid[], $2::text[])', [
      rows.map(() => uuidv7()),
      rows,
    ]);
    const [{ count } = { count: 0 }] = await database.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM users',
    );
    expect(count).toBe(accepted.size);
  });
});
