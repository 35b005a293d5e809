import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ActiveUsers1795406400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // For lists of who may come in, where many were shut out at once. A registration appends to it; a login never touches it.
    await runner.query(`CREATE INDEX users_active_idx ON users (id) WHERE disabled_at IS NULL AND invited_at IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX users_active_idx`);
  }
}
