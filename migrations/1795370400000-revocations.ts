import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Revocations1795370400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE revocations (
        id        bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
        digest    bytea       NOT NULL,
        closed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT revocations_pkey PRIMARY KEY (id)
      )`);
    await runner.query(`
      CREATE FUNCTION revoke_session() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        revocation bigint;
      BEGIN
        INSERT INTO revocations (digest) VALUES (sha256(convert_to('revoked-session:' || OLD.id, 'UTF8')))
        RETURNING id INTO revocation;
        PERFORM pg_notify('revocations', revocation::text);
        RETURN NULL;
      END $$`);
    // A column list and a condition: a refresh, which sets neither, never gets here.
    await runner.query(`
      CREATE TRIGGER sessions_closed AFTER UPDATE OF closed_at ON sessions
      FOR EACH ROW WHEN (OLD.closed_at IS NULL AND NEW.closed_at IS NOT NULL) EXECUTE FUNCTION revoke_session()`);
    // Past 20 minutes no access token of it is alive, and whoever clears out old sessions revokes nothing.
    await runner.query(`
      CREATE TRIGGER sessions_deleted AFTER DELETE ON sessions
      FOR EACH ROW WHEN (OLD.closed_at IS NULL AND OLD.refreshed_at > now() - interval '20 minutes')
      EXECUTE FUNCTION revoke_session()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TRIGGER sessions_closed ON sessions`);
    await runner.query(`DROP TRIGGER sessions_deleted ON sessions`);
    await runner.query(`DROP FUNCTION revoke_session()`);
    await runner.query(`DROP TABLE revocations`);
  }
}
