import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RateLimits1795392000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Unlogged: a count costs no wait for the disk, and after a crash of the server counting begins anew. No index but that of
    // the key, and room on each page, so that a count changes one row in place.
    await runner.query(`
      CREATE UNLOGGED TABLE rate_limits (
        key bytea PRIMARY KEY,
        points integer NOT NULL,
        quota integer NOT NULL,
        delay_seconds integer NOT NULL,
        shut_until timestamptz,
        expires_at timestamptz NOT NULL
      ) WITH (fillfactor = 70)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE rate_limits`);
  }
}
