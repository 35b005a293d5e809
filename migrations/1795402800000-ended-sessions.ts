import type { MigrationInterface, QueryRunner } from 'typeorm';

export class EndedSessions1795402800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // When a session ended, or will at the latest. A rotation sets neither column, so it stays a HOT update.
    await runner.query(`CREATE INDEX sessions_ended_idx ON sessions (coalesce(closed_at, expires_at))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX sessions_ended_idx`);
  }
}
