import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { plant } from './support/rows.js';

const REFUSED = expect.objectContaining({ code: '42501' });

describe('The audit log in the database', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(() => database.drop());

  const seal = (id: string, seq: number): Promise<object[]> =>
    database.query(`UPDATE audit_events SET seq = $2::bigint, digest = sha256($2::bigint::text::bytea) WHERE id = $1`, [
      id,
      seq,
    ]);
  const anchorAt = (seq: number): Promise<object[]> =>
    database.query(
      `UPDATE audit_chain SET head_seq = greatest(head_seq, seq), anchor_seq = seq, anchor_digest = sha256(seq::text::bytea)
         FROM (SELECT $1::bigint AS seq) AS given`,
      [seq],
    );

  it.each([
    ['id = gen_random_uuid()'],
    [`type = 'user_enabled'`],
    ['actor_id = gen_random_uuid()'],
    ['subject_id = gen_random_uuid()'],
    ['session_id = gen_random_uuid()'],
    [`request_id = 'another'`],
    [`detail = '{"a":1}'`],
    [`created_at = now() - interval '1 day'`],
    [`ip = '198.51.100.1'`],
    [`seq = 7, digest = '\\x00', type = 'user_enabled'`],
  ])('refuses to change a row: %s', async (change) => {
    const id = await plant(database);
    await expect(database.query(`UPDATE audit_events SET ${change} WHERE id = $1`, [id])).rejects.toEqual(REFUSED);
  });

  it('lets an ip be erased, and not be set again', async () => {
    const id = await plant(database);
    await database.query('UPDATE audit_events SET ip = NULL WHERE id = $1', [id]);
    await expect(database.query(`UPDATE audit_events SET ip = '::1' WHERE id = $1`, [id])).rejects.toEqual(REFUSED);
  });

  it('lets a row be sealed, once', async () => {
    const id = await plant(database);
    await seal(id, 1);
    await expect(seal(id, 2)).rejects.toEqual(REFUSED);
    const unseal = database.query('UPDATE audit_events SET seq = NULL, digest = NULL WHERE id = $1', [id]);
    await expect(unseal).rejects.toEqual(REFUSED);
  });

  it('refuses to remove a row, sealed or not, young or old', async () => {
    let seq = 1_000;
    for (const id of [await plant(database), await plant(database, 1_000)]) {
      await expect(database.query('DELETE FROM audit_events WHERE id = $1', [id])).rejects.toEqual(REFUSED);
      await seal(id, (seq += 1));
      await expect(database.query('DELETE FROM audit_events WHERE id = $1', [id])).rejects.toEqual(REFUSED);
    }
  });

  it('refuses to be emptied', async () => {
    for (const table of ['audit_events', 'audit_chain', 'audit_events, audit_chain']) {
      await expect(database.query(`TRUNCATE ${table}`)).rejects.toEqual(REFUSED);
    }
    await expect(database.query('DELETE FROM audit_chain')).rejects.toEqual(REFUSED);
  });

  it('lets go what its anchor has passed, which passes only what is sealed and older than 30 days', async () => {
    const [old, young, unsealed] = [await plant(database, 31), await plant(database, 29), await plant(database, 31)];
    await seal(old, 2_000_000_001);
    await seal(young, 2_000_000_002);
    await expect(anchorAt(2_000_000_002)).rejects.toEqual(REFUSED);
    await expect(anchorAt(2_000_000_003)).rejects.toEqual(REFUSED);
    await anchorAt(2_000_000_001);
    await expect(anchorAt(0)).rejects.toEqual(REFUSED);
    const gone = await database.query('DELETE FROM audit_events WHERE id = $1 RETURNING id', [old]);
    expect(gone).toHaveLength(1);
    for (const id of [young, unsealed]) {
      await expect(database.query('DELETE FROM audit_events WHERE id = $1', [id])).rejects.toEqual(REFUSED);
    }
  });

  it('refuses to let the chain’s head go back', async () => {
    await expect(database.query('UPDATE audit_chain SET head_seq = head_seq - 1')).rejects.toEqual(REFUSED);
  });
});
