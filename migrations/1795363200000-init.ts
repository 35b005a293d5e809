import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Init1795363200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE users (
        id            uuid                     NOT NULL,
        email         text        COLLATE "C"  NOT NULL,
        role          text                     NOT NULL DEFAULT 'user',
        session_epoch integer                  NOT NULL DEFAULT 0,
        disabled_at   timestamptz,
        created_at    timestamptz              NOT NULL DEFAULT now(),
        CONSTRAINT users_pkey PRIMARY KEY (id),
        CONSTRAINT users_email_key UNIQUE (email),
        CONSTRAINT users_email_check CHECK (length(email) <= 254 AND email ~ '^[!-~]+@[!-~]+$' AND email = lower(email)),
        CONSTRAINT users_role_check CHECK (role ~ '^[a-z][a-z0-9_-]{0,63}$')
      )`);
    await runner.query(`
      CREATE TABLE password_keys (
        id         text        NOT NULL,
        secret_id  text        NOT NULL,
        sealed     bytea       NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT password_keys_pkey PRIMARY KEY (id)
      )`);
    await runner.query(`
      CREATE TABLE credentials (
        user_id         uuid        NOT NULL,
        hash            text        NOT NULL,
        scheme          text        NOT NULL,
        password_key_id text        NOT NULL,
        updated_at      timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT credentials_pkey PRIMARY KEY (user_id),
        CONSTRAINT credentials_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
        CONSTRAINT credentials_password_key_id_fkey FOREIGN KEY (password_key_id) REFERENCES password_keys (id)
      )`);
    await runner.query(`
      CREATE TABLE signing_keys (
        kid          text        NOT NULL,
        public_jwk   jsonb       NOT NULL,
        secret_id    text        NOT NULL,
        sealed       bytea       NOT NULL,
        created_at   timestamptz NOT NULL DEFAULT now(),
        activated_at timestamptz,
        CONSTRAINT signing_keys_pkey PRIMARY KEY (kid)
      )`);
    // Room on every page for the next version of a row: a rotation then touches no index (a HOT update).
    await runner.query(`
      CREATE TABLE sessions (
        id             uuid        NOT NULL,
        user_id        uuid        NOT NULL,
        generation     integer     NOT NULL DEFAULT 0,
        nonce          bytea       NOT NULL,
        previous_nonce bytea,
        mac_key_id     text        NOT NULL,
        created_at     timestamptz NOT NULL DEFAULT now(),
        refreshed_at   timestamptz NOT NULL DEFAULT now(),
        expires_at     timestamptz NOT NULL,
        closed_at      timestamptz,
        close_reason   text,
        ip             text,
        user_agent     text,
        CONSTRAINT sessions_pkey PRIMARY KEY (id),
        CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
      ) WITH (fillfactor = 70)`);
    await runner.query(`CREATE INDEX sessions_user_id_idx ON sessions (user_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE sessions, signing_keys, credentials, password_keys, users`);
  }
}
