import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PlainUsers1795410000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // For lists of those with the role `user`, where most have another one. A registration appends to it; a login never touches it.
    await runner.query(`CREATE INDEX users_plain_idx ON users (id) WHERE role = 'user'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX users_plain_idx`);
  }
}
