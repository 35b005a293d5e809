import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Administration1795388400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE users ADD COLUMN invited_at timestamptz`);
    // Each holds the few rows that are unlike most, so that neither a registration nor a login ever touches one.
    await runner.query(`CREATE INDEX users_role_id_idx ON users (role, id) WHERE role <> 'user'`);
    await runner.query(`CREATE INDEX users_closed_at_idx ON users (closed_at) WHERE closed_at IS NOT NULL`);
    await runner.query(`CREATE INDEX users_closed_idx ON users (id) WHERE closed_at IS NOT NULL`);
    await runner.query(`
      CREATE INDEX users_disabled_idx ON users (id) WHERE disabled_at IS NOT NULL AND closed_at IS NULL`);
    await runner.query(`
      CREATE INDEX users_invited_idx ON users (id) WHERE invited_at IS NOT NULL AND disabled_at IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP INDEX users_role_id_idx, users_closed_at_idx, users_closed_idx, users_disabled_idx, users_invited_idx`,
    );
    await runner.query(`ALTER TABLE users DROP COLUMN invited_at`);
  }
}
