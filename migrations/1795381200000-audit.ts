import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Audit1795381200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTables(runner);
    await keepEvents(runner);
    await keepChain(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE audit_events, audit_chain`);
    await runner.query(`DROP FUNCTION refuse_audit_change(), keep_audit_event(), keep_audit_chain()`);
  }
}

/** No foreign keys: rows outlive the accounts and sessions that they speak of. */
async function createTables(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE TABLE audit_events (
      id         uuid           NOT NULL,
      type       text           NOT NULL,
      actor_id   uuid,
      subject_id uuid,
      session_id uuid,
      request_id text,
      ip         text,
      detail     jsonb          NOT NULL DEFAULT '{}',
      created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
      seq        bigint,
      digest     bytea,
      CONSTRAINT audit_events_pkey PRIMARY KEY (id),
      CONSTRAINT audit_events_seq_key UNIQUE (seq),
      CONSTRAINT audit_events_sealed_check CHECK ((seq IS NULL) = (digest IS NULL)),
      CONSTRAINT audit_events_type_check CHECK (type ~ '^[a-z][a-z0-9_]{0,63}$')
    )`);
  await runner.query(`CREATE INDEX audit_events_created_at_id_idx ON audit_events (created_at, id)`);
  for (const column of ['type', 'actor_id', 'subject_id']) {
    await runner.query(
      `CREATE INDEX audit_events_${column}_created_at_id_idx ON audit_events (${column}, created_at, id)`,
    );
  }
  await runner.query(`
    CREATE TABLE audit_chain (
      id               integer     NOT NULL DEFAULT 1,
      anchor_seq       bigint      NOT NULL,
      anchor_digest    bytea       NOT NULL,
      head_seq         bigint      NOT NULL,
      head_digest      bytea       NOT NULL,
      ips_erased_until timestamptz NOT NULL DEFAULT '-infinity',
      CONSTRAINT audit_chain_pkey PRIMARY KEY (id),
      CONSTRAINT audit_chain_id_check CHECK (id = 1),
      CONSTRAINT audit_chain_seq_check CHECK (anchor_seq <= head_seq)
    )`);
  // The digest before the first row's: of all zeros.
  await runner.query(`
    INSERT INTO audit_chain (anchor_seq, anchor_digest, head_seq, head_digest)
    SELECT 0, zeros, 0, zeros FROM decode(repeat('00', 32), 'hex') AS zeros`);
}

/** An event is sealed once, its ip may be erased, and it may go when the anchor has passed it. Nothing else is granted. */
async function keepEvents(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'the audit log is append-only: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
    END $$`);
  await runner.query(`
    CREATE TRIGGER audit_events_unchanged BEFORE UPDATE ON audit_events FOR EACH ROW
    WHEN (to_jsonb(OLD.*) - '{ip,seq,digest}'::text[] IS DISTINCT FROM to_jsonb(NEW.*) - '{ip,seq,digest}'::text[]
          OR (NEW.ip IS NOT NULL AND NEW.ip IS DISTINCT FROM OLD.ip)
          OR (OLD.seq IS NOT NULL AND (NEW.seq, NEW.digest) IS DISTINCT FROM (OLD.seq, OLD.digest)))
    EXECUTE FUNCTION refuse_audit_change()`);
  await runner.query(`
    CREATE FUNCTION keep_audit_event() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (SELECT FROM audit_chain WHERE anchor_seq >= OLD.seq) THEN
        RETURN OLD;
      END IF;
      RAISE EXCEPTION 'the audit log is append-only: DELETE of what is past its anchor is refused'
        USING ERRCODE = 'insufficient_privilege';
    END $$`);
  await runner.query(`
    CREATE TRIGGER audit_events_kept BEFORE DELETE ON audit_events FOR EACH ROW EXECUTE FUNCTION keep_audit_event()`);
  await runner.query(`
    CREATE TRIGGER audit_events_not_truncated BEFORE TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()`);
}

/** The chain grows, and its anchor moves on to a sealed event older than 30 days. */
async function keepChain(runner: QueryRunner): Promise<void> {
  await runner.query(`
    CREATE FUNCTION keep_audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.head_seq >= OLD.head_seq AND (
        (NEW.anchor_seq, NEW.anchor_digest) IS NOT DISTINCT FROM (OLD.anchor_seq, OLD.anchor_digest)
        OR (NEW.anchor_seq > OLD.anchor_seq AND EXISTS (
          SELECT FROM audit_events
           WHERE seq = NEW.anchor_seq AND digest = NEW.anchor_digest
             AND created_at < clock_timestamp() - interval '30 days'))) THEN
        RETURN NEW;
      END IF;
      RAISE EXCEPTION 'the audit log is append-only: its chain goes neither back nor past what is younger than 30 days'
        USING ERRCODE = 'insufficient_privilege';
    END $$`);
  await runner.query(`
    CREATE TRIGGER audit_chain_kept BEFORE UPDATE ON audit_chain FOR EACH ROW EXECUTE FUNCTION keep_audit_chain()`);
  await runner.query(`
    CREATE TRIGGER audit_chain_not_deleted BEFORE DELETE ON audit_chain
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()`);
  await runner.query(`
    CREATE TRIGGER audit_chain_not_truncated BEFORE TRUNCATE ON audit_chain
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()`);
}
