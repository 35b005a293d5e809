import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Accounts1795384800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // A closed account is a disabled one that waits to be erased: what asks whether a person may come in looks at one column.
    await runner.query(`
      ALTER TABLE users
        ADD COLUMN email_verified_at timestamptz,
        ADD COLUMN locale            text,
        ADD COLUMN disabled_reason   text,
        ADD COLUMN closed_at         timestamptz,
        ADD CONSTRAINT users_locale_check CHECK (locale ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
        ADD CONSTRAINT users_disabled_reason_check CHECK (length(disabled_reason) <= 500),
        ADD CONSTRAINT users_closed_at_check CHECK (closed_at IS NULL OR disabled_at IS NOT NULL)`);
    // Bound ones carry the account's state of that moment, and die when it changes; the others outlive it on purpose.
    await runner.query(`
      CREATE TABLE one_time_tokens (
        digest      bytea                    NOT NULL,
        user_id     uuid                     NOT NULL,
        purpose     text                     NOT NULL,
        address     text        COLLATE "C"  NOT NULL,
        bound_email text        COLLATE "C",
        bound_epoch integer,
        created_at  timestamptz              NOT NULL DEFAULT clock_timestamp(),
        expires_at  timestamptz              NOT NULL,
        CONSTRAINT one_time_tokens_pkey PRIMARY KEY (digest),
        CONSTRAINT one_time_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
        CONSTRAINT one_time_tokens_bound_check CHECK ((bound_email IS NULL) = (bound_epoch IS NULL))
      )`);
    await runner.query(`CREATE INDEX one_time_tokens_user_id_idx ON one_time_tokens (user_id)`);
    await runner.query(`CREATE INDEX one_time_tokens_expires_at_idx ON one_time_tokens (expires_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE one_time_tokens`);
    await runner.query(`
      ALTER TABLE users DROP COLUMN email_verified_at, DROP COLUMN locale, DROP COLUMN disabled_reason, DROP COLUMN closed_at`);
  }
}
