import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Signals1795385400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE signal_receivers (
        id            text        NOT NULL,
        configured_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT signal_receivers_pkey PRIMARY KEY (id)
      )`);
    // No foreign keys: a signal outlives its user and its session, and taking a receiver away must not delete a long queue at once.
    await runner.query(`
      CREATE TABLE signals (
        jti           uuid        NOT NULL,
        receiver_id   text        NOT NULL,
        revocation_id bigint      NOT NULL,
        session_id    uuid        NOT NULL,
        user_id       uuid        NOT NULL,
        reason        text,
        closed_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT signals_pkey PRIMARY KEY (jti)
      )`);
    await runner.query(`CREATE INDEX signals_receiver_id_closed_at_idx ON signals (receiver_id, closed_at)`);
    await runner.query(`CREATE INDEX signals_closed_at_idx ON signals (closed_at)`);
    // NEW is null where the session was deleted: then nobody knows why.
    await runner.query(`
      CREATE OR REPLACE FUNCTION revoke_session() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        revocation bigint;
      BEGIN
        INSERT INTO revocations (digest) VALUES (sha256(convert_to('revoked-session:' || OLD.id, 'UTF8')))
        RETURNING id INTO revocation;
        INSERT INTO signals (jti, receiver_id, revocation_id, session_id, user_id, reason)
        SELECT gen_random_uuid(), id, revocation, OLD.id, OLD.user_id, NEW.close_reason FROM signal_receivers;
        PERFORM pg_notify('revocations', revocation::text);
        RETURN NULL;
      END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE OR REPLACE FUNCTION revoke_session() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        revocation bigint;
      BEGIN
        INSERT INTO revocations (digest) VALUES (sha256(convert_to('revoked-session:' || OLD.id, 'UTF8')))
        RETURNING id INTO revocation;
        PERFORM pg_notify('revocations', revocation::text);
        RETURN NULL;
      END $$`);
    await runner.query(`DROP TABLE signals, signal_receivers`);
  }
}
