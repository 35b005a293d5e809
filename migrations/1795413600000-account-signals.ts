import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AccountSignals1795413600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE signal_receivers ADD COLUMN account_events_at timestamptz`);
    // A table of their own: the release before this one takes every row of `signals` for a closed session. No foreign keys: what
    // tells of an erased account outlives it.
    await runner.query(`
      CREATE TABLE account_signals (
        jti         uuid        NOT NULL,
        event_id    uuid        NOT NULL,
        receiver_id text        NOT NULL,
        user_id     uuid        NOT NULL,
        type        text        NOT NULL,
        occurred_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT account_signals_pkey PRIMARY KEY (jti)
      )`);
    await runner.query(
      `CREATE INDEX account_signals_receiver_id_occurred_at_idx ON account_signals (receiver_id, occurred_at)`,
    );
    await runner.query(`CREATE INDEX account_signals_occurred_at_idx ON account_signals (occurred_at)`);
    // A channel of its own: those who listen to 'revocations' expect the id of one.
    await runner.query(`
      CREATE FUNCTION signal_account() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        event uuid := gen_random_uuid();
      BEGIN
        INSERT INTO account_signals (jti, event_id, receiver_id, user_id, type)
        SELECT gen_random_uuid(), event, id, OLD.id, TG_ARGV[0] FROM signal_receivers WHERE account_events_at IS NOT NULL;
        IF FOUND THEN
          PERFORM pg_notify('account_signals', '');
        END IF;
        RETURN NULL;
      END $$`);
    await runner.query(`
      CREATE TRIGGER users_signal_disabled AFTER UPDATE OF disabled_at ON users FOR EACH ROW
        WHEN (OLD.disabled_at IS NULL AND NEW.disabled_at IS NOT NULL)
        EXECUTE FUNCTION signal_account('account-disabled')`);
    await runner.query(`
      CREATE TRIGGER users_signal_enabled AFTER UPDATE OF disabled_at ON users FOR EACH ROW
        WHEN (OLD.disabled_at IS NOT NULL AND NEW.disabled_at IS NULL)
        EXECUTE FUNCTION signal_account('account-enabled')`);
    await runner.query(`
      CREATE TRIGGER users_signal_email AFTER UPDATE OF email ON users FOR EACH ROW
        WHEN (OLD.email <> NEW.email)
        EXECUTE FUNCTION signal_account('recovery-information-changed')`);
    await runner.query(`
      CREATE TRIGGER users_signal_purged AFTER DELETE ON users FOR EACH ROW
        EXECUTE FUNCTION signal_account('account-purged')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const trigger of ['disabled', 'enabled', 'email', 'purged']) {
      await runner.query(`DROP TRIGGER users_signal_${trigger} ON users`);
    }
    await runner.query(`DROP FUNCTION signal_account()`);
    await runner.query(`DROP TABLE account_signals`);
    await runner.query(`ALTER TABLE signal_receivers DROP COLUMN account_events_at`);
  }
}
