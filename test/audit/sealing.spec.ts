import { Sealer } from '../../src/audit/chain/sealer.service.js';
import { ChainVerifier, type Verification } from '../../src/audit/chain/verifier.service.js';
import { linkText, parseLink } from '../../src/audit/chain/seal.value.js';
import { ChainWatch } from '../../src/audit/chain/chain-watch.service.js';
import { hold } from '../support/database/held.js';
import { signedIn } from '../support/people/people.js';
import { type Replicas, startReplicas } from '../support/service/replicas.js';
import { plant, type Row } from './support/rows.js';

describe('The sealer', () => {
  let replicas: Replicas;

  beforeAll(async () => {
    replicas = await startReplicas({ AUDIT_DAYS: '60', AUDIT_IP_DAYS: '30' });
  });
  afterAll(() => replicas.stop());

  const sealers = (): Sealer[] => replicas.services.map(({ app }) => app.get(Sealer, { strict: false }));
  const seal = (): Promise<void> => sealers()[0]!.seal();
  const clear = (): Promise<void> => replicas.services[0]!.app.get(ChainWatch, { strict: false }).clear();
  const verify = (witness = ''): Promise<Verification> =>
    replicas.services[1]!.app.get(ChainVerifier, { strict: false }).verify(parseLink(witness));
  const rows = (): Promise<Row[]> => replicas.database.query<Row>('SELECT * FROM audit_events ORDER BY seq, id');
  const rowOf = async (id: string): Promise<Row> => (await rows()).find((row) => row.id === id)!;
  const checkpoints = (): string[] =>
    replicas.services.flatMap(({ log }) =>
      log
        .map((line) => JSON.parse(line) as { event?: string; seq: number; digest: string })
        .filter(({ event }) => event === 'audit_sealed')
        .map(({ seq, digest }) => `${seq}:${digest}`),
    );

  it('gives each event its place, without a gap, and tells the end of the chain', async () => {
    await signedIn(replicas.next());
    await seal();
    const sealed = await rows();
    expect(sealed.map(({ seq }) => Number(seq))).toEqual(sealed.map((_, index) => index + 1));
    expect(new Set(sealed.map(({ digest }) => digest!.toString('hex'))).size).toBe(sealed.length);
    const { head, ...rest } = await verify(checkpoints().at(-1));
    expect(rest).toEqual({ findings: [], count: sealed.length, unsealed: 0 });
    expect(checkpoints()).toContain(linkText(head));
  });

  it('leaves out nothing that is committed late, however long after', async () => {
    const late = await hold(replicas.database);
    await late.run(
      `INSERT INTO audit_events (id, type, created_at) VALUES ($1, 'email_verified', now() - interval '1 hour')`,
      ['00000000-0000-7000-8000-00000000dead'],
    );
    const early = await plant(replicas.database);
    await seal();
    expect((await rowOf(early)).seq).not.toBeNull();
    await late.commit();
    await seal();
    const place = Number((await rowOf('00000000-0000-7000-8000-00000000dead')).seq);
    expect(place).toBe(Number((await rowOf(early)).seq) + 1);
    expect(await verify()).toMatchObject({ findings: [], unsealed: 0 });
  });

  it('waits for no transaction that is open, and keeps none from writing', async () => {
    const open = await hold(replicas.database);
    await open.run(`INSERT INTO audit_events (id, type) VALUES (gen_random_uuid(), 'email_verified')`);
    const id = await plant(replicas.database);
    await seal();
    await signedIn(replicas.next());
    await open.rollBack();
    expect((await rowOf(id)).seq).not.toBeNull();
  });

  it('seals once, whichever of several replicas does it, while others go on writing', async () => {
    for (let round = 0; round < 20; round++) {
      await Promise.all([...sealers(), ...sealers()].map((sealer) => sealer.seal()));
      await Promise.all([
        plant(replicas.database),
        ...sealers().map((sealer) => sealer.seal()),
        plant(replicas.database),
      ]);
    }
    await seal();
    const sealed = await rows();
    expect(sealed.map(({ seq }) => Number(seq))).toEqual(sealed.map((_, index) => index + 1));
    expect(await verify()).toMatchObject({ findings: [], unsealed: 0 });
  });

  it('takes a large backlog in parts', async () => {
    await replicas.database.query(
      `INSERT INTO audit_events (id, type) SELECT gen_random_uuid(), 'email_verified' FROM generate_series(1, 1200)`,
    );
    await seal();
    expect(await verify()).toMatchObject({ findings: [], unsealed: 0 });
  });

  it('finds what is to be sealed by an index, however much is sealed already', async () => {
    await replicas.database.query('ANALYZE audit_events');
    const plan = await replicas.database.query<{ 'QUERY PLAN': string }>(
      'EXPLAIN SELECT * FROM audit_events WHERE seq IS NULL ORDER BY seq LIMIT 500',
    );
    expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toMatch(/Index Scan using audit_events_seq_key/);
  });

  it('erases old addresses, which breaks no seal', async () => {
    const [old, young] = [await plant(replicas.database, 31), await plant(replicas.database, 29)];
    await seal();
    await clear();
    expect([(await rowOf(old)).ip, (await rowOf(young)).ip]).toEqual([null, '203.0.113.7']);
    expect(await verify()).toMatchObject({ findings: [] });
  });

  it('removes what is old enough from the beginning of the chain, and leaves an anchor that holds the rest', async () => {
    const { count, head } = await verify();
    await clear();
    expect(await verify()).toMatchObject({ count });
    // Everything that is there becomes old, as it would by time; only a superuser can make it so.
    const aged = await hold(replicas.database);
    await aged.run('ALTER TABLE audit_events DISABLE TRIGGER USER');
    await aged.run(`UPDATE audit_events SET created_at = created_at - interval '70 days'`);
    await aged.run('ALTER TABLE audit_events ENABLE TRIGGER USER');
    await aged.commit();
    const young = await plant(replicas.database, 59);
    const unsealed = await plant(replicas.database, 61);
    await clear();
    expect((await rows()).map(({ id }) => id).sort()).toEqual([young, unsealed].sort());
    await seal();
    const end = await verify();
    expect(end).toMatchObject({ findings: [], count: 2, unsealed: 0 });
    expect(end.head.seq).toBe(head.seq + 2);
    expect(await verify(linkText(head))).toMatchObject({ findings: [] });
    await clear();
    expect((await rows()).map(({ id }) => id)).toEqual([young]);
    expect(await verify()).toMatchObject({ findings: [], count: 1 });
    const { findings } = await verify(linkText(head));
    expect(findings).toEqual([expect.stringContaining('Cannot compare with')]);
  });
});
