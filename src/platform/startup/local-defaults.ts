import path from 'node:path';
import type { Logger } from 'pino';
import type { CompleteSettings } from '../config/config.js';
import type { Settings } from '../config/environment.js';
import { startEmbeddedPostgres } from '../embedded-postgres/embedded-postgres.js';
import { freePort } from '../free-port.js';
import { localSecret } from '../secrets/local-secret.js';

/** The completed settings, and how to stop what was started to complete them. */
export interface LocalDefaults {
  settings: CompleteSettings;
  /** True if the embedded PostgreSQL is used. */
  embedded: boolean;
  stop(): Promise<void>;
  /** Restarts the embedded database whenever it was killed, and logs that. */
  keepUp(logger: Logger): void;
}

/** Without ISSUER_URL, the issuer contains the port, so a free port must be chosen before anything is issued. */
async function knownPort({ PORT, ISSUER_URL, HOST }: Settings): Promise<number> {
  return PORT === 0 && ISSUER_URL === undefined ? freePort(0, HOST) : PORT;
}

/** Fills in missing settings for local use: a PostgreSQL and a secret, both stored in `DATA_DIR`, and a free port. */
export async function completeSettings(settings: Settings): Promise<LocalDefaults> {
  const PORT = await knownPort(settings);
  const secrets = settings.AUTH_SECRET ?? [await localSecret(settings.DATA_DIR)];
  const postgres = settings.DATABASE_URL
    ? null
    : await startEmbeddedPostgres({ dataDir: path.join(settings.DATA_DIR, 'postgres'), database: 'auth' });
  return {
    settings: { ...settings, PORT, AUTH_SECRET: secrets, DATABASE_URL: settings.DATABASE_URL ?? postgres!.url },
    embedded: postgres !== null,
    stop: async () => postgres?.stop(),
    keepUp: (logger) => postgres?.keepUp((revival) => tellOf(revival, logger)),
  };
}

function tellOf(revival: Promise<void>, logger: Logger): void {
  logger.warn('The embedded PostgreSQL has stopped. Restarting it.');
  revival.then(
    () => logger.info('The embedded PostgreSQL is running again.'),
    (error: unknown) => {
      const why = error instanceof Error ? error.message : 'unknown reason';
      logger.error({ why }, 'The embedded PostgreSQL could not be restarted. Restart the service.');
    },
  );
}
