import { Sealer } from '../../src/audit/chain/sealer.service.js';
import { parseLink } from '../../src/audit/chain/seal.value.js';
import { ChainVerifier } from '../../src/audit/chain/verifier.service.js';
import { hold } from '../support/database/held.js';
import { startService, type TestService } from '../support/service/service.js';
import { plant } from './support/rows.js';

/** What was done to the log by somebody who may do anything in the database, and what is said of it. */
const TAMPERED: [string, string[], RegExp[]][] = [
  ['changed type', [`UPDATE audit_events SET type = 'user_enabled' WHERE seq = 5`], [/^Event 5 \(/]],
  ['changed actor', ['UPDATE audit_events SET actor_id = gen_random_uuid() WHERE seq = 5'], [/^Event 5 \(/]],
  ['changed subject', ['UPDATE audit_events SET subject_id = gen_random_uuid() WHERE seq = 5'], [/^Event 5 \(/]],
  ['changed session', ['UPDATE audit_events SET session_id = gen_random_uuid() WHERE seq = 5'], [/^Event 5 \(/]],
  ['changed request', [`UPDATE audit_events SET request_id = 'another' WHERE seq = 5`], [/^Event 5 \(/]],
  ['changed detail', [`UPDATE audit_events SET detail = '{"a": 1}' WHERE seq = 5`], [/^Event 5 \(/]],
  ['changed id', ['UPDATE audit_events SET id = gen_random_uuid() WHERE seq = 5'], [/^Event 5 \(/]],
  [
    'changed time',
    [`UPDATE audit_events SET created_at = created_at + interval '1 ms' WHERE seq = 5`],
    [/^Event 5 \(/],
  ],
  ['missing event', ['DELETE FROM audit_events WHERE seq = 5'], [/^Event 5 is missing\.$/]],
  ['missing events', ['DELETE FROM audit_events WHERE seq IN (5, 6, 8)'], [/^Events 5 to 6 are/, /^Event 8 is/]],
  ['missing beginning', ['DELETE FROM audit_events WHERE seq <= 2'], [/^Events 1 to 2 are missing\.$/]],
  ['missing end', ['DELETE FROM audit_events WHERE seq >= 9'], [/^Events 9 to 10 are missing\.$/]],
  ['empty table', ['DELETE FROM audit_events'], [/^Events 1 to 10 are missing\.$/]],
  [
    'closed gap',
    ['DELETE FROM audit_events WHERE seq = 5', 'UPDATE audit_events SET seq = seq - 1 WHERE seq > 5'],
    [/^Event 5 \(/, /^Event 6 \(/, /^Event 7 \(/, /^Event 8 \(/, /^Event 9 \(/, /^Event 10 is missing/],
  ],
  [
    'swapped events',
    [
      'UPDATE audit_events SET seq = -1 WHERE seq = 5',
      'UPDATE audit_events SET seq = 5 WHERE seq = 6',
      'UPDATE audit_events SET seq = 6 WHERE seq = -1',
    ],
    [/^Event 5 \(/, /^Event 6 \(/, /^Event 7 \(/],
  ],
  [
    'swapped contents',
    [
      `UPDATE audit_events a SET type = b.type, created_at = b.created_at FROM audit_events b
        WHERE a.seq IN (5, 6) AND b.seq IN (5, 6) AND a.seq <> b.seq`,
    ],
    [/^Event 5 \(/, /^Event 6 \(/],
  ],
  [
    'appended event',
    [
      `INSERT INTO audit_events (id, type, seq, digest) VALUES (gen_random_uuid(), 'email_verified', 11, sha256('forged'))`,
    ],
    [/^Event 11 \(/, /^The events after 10 have been added without a seal/],
  ],
  [
    'forged end',
    ['UPDATE audit_chain SET head_digest = sha256($$forged$$)'],
    [/^The chain does not end at event \d+, where it was last sealed/],
  ],
];

describe('A look at the whole audit log', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startService();
    for (let i = 0; i < 10; i++) await plant(service.database, 10 - i);
    await service.app.get(Sealer, { strict: false }).seal();
    await service.database.query('CREATE TABLE events_before AS TABLE audit_events');
    await service.database.query('CREATE TABLE chain_before AS TABLE audit_chain');
  });
  afterAll(() => service.stop());
  afterEach(() =>
    withoutTriggers(
      'DELETE FROM audit_events',
      'DELETE FROM audit_chain',
      'INSERT INTO audit_events TABLE events_before',
      'INSERT INTO audit_chain TABLE chain_before',
    ),
  );

  /** As only the owner of the tables can. */
  const withoutTriggers = async (...statements: string[]): Promise<void> => {
    const owner = await hold(service.database);
    for (const table of ['audit_events', 'audit_chain']) await owner.run(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
    for (const statement of statements) await owner.run(statement);
    for (const table of ['audit_events', 'audit_chain']) await owner.run(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
    await owner.commit();
  };
  const findings = async (witness = ''): Promise<readonly string[]> =>
    (await service.app.get(ChainVerifier, { strict: false }).verify(parseLink(witness))).findings;
  const linkOf = async (seq: number): Promise<string> => {
    const [row] = await service.database.query<{ link: string }>(
      `SELECT seq || ':' || encode(digest, 'hex') AS link FROM events_before WHERE seq = $1`,
      [seq],
    );
    return row!.link;
  };

  it('finds nothing in a log that is as it was written', async () => {
    expect(await findings()).toEqual([]);
    for (const seq of [1, 5, 10]) expect(await findings(await linkOf(seq))).toEqual([]);
  });

  it.each(TAMPERED)('finds a %s, and names it', async (_, statements, expected) => {
    await withoutTriggers(...statements);
    const found = await findings();
    expect(found).toEqual(expected.map((text): unknown => expect.stringMatching(text)));
  });

  it('finds a log that was rewritten as a whole, if a link was noted elsewhere', async () => {
    const witness = await linkOf(7);
    await withoutTriggers(
      'DELETE FROM audit_events WHERE seq = 5',
      'UPDATE audit_events SET seq = NULL, digest = NULL',
      `UPDATE audit_chain SET head_seq = 0, head_digest = anchor_digest`,
    );
    await service.app.get(Sealer, { strict: false }).seal();
    expect(await findings()).toEqual([]);
    expect(await findings(witness)).toEqual([expect.stringMatching(/^Event 7 does not match 7:/)]);
    expect(await findings(await linkOf(10))).toEqual([expect.stringMatching(/^The chain ends before 10:/)]);
  });
});
