import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RetiredKeys1795374000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE signing_keys
        ADD COLUMN retired_at timestamptz,
        ADD CONSTRAINT signing_keys_retired_at_check CHECK (retired_at IS NULL OR activated_at IS NOT NULL)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE signing_keys DROP COLUMN retired_at`);
  }
}
