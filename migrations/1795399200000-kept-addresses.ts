import type { MigrationInterface, QueryRunner } from 'typeorm';

export class KeptAddresses1795399200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX one_time_tokens_undo_address_idx ON one_time_tokens (address) WHERE purpose = 'undo_email_change'`);
    // Asked after the unique constraint has waited for whoever just gives the address up: by then his way back is committed, and seen.
    await runner.query(`
      CREATE FUNCTION keep_address() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF EXISTS (SELECT FROM one_time_tokens
                    WHERE purpose = 'undo_email_change' AND address = NEW.email
                      AND user_id <> NEW.id AND expires_at > clock_timestamp()) THEN
          RAISE EXCEPTION 'the address is kept for the account that had it' USING ERRCODE = 'unique_violation';
        END IF;
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE TRIGGER users_address_kept AFTER INSERT OR UPDATE OF email ON users
      FOR EACH ROW EXECUTE FUNCTION keep_address()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TRIGGER users_address_kept ON users`);
    await runner.query(`DROP FUNCTION keep_address`);
    await runner.query(`DROP INDEX one_time_tokens_undo_address_idx`);
  }
}
