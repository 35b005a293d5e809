import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CompleteSettings } from './config/config.js';
import type { Settings } from './config/environment.js';
import { secretBytes } from './config/formats.js';
import { startEmbeddedPostgres } from './embedded-postgres/embedded-postgres.js';
import { freePort } from './free-port.js';

const SECRET_FILE = 'auth-secret';

/** The settings, whole, and how to take down what was started to complete them. */
export interface LocalDefaults {
  settings: CompleteSettings;
  /** True when the database is the embedded one. */
  embedded: boolean;
  stop(): Promise<void>;
}

/** Reads the secret of this data folder, or makes it; of two processes at once, one makes it. */
async function localSecret(dataDir: string): Promise<Buffer> {
  const file = path.join(dataDir, SECRET_FILE);
  await mkdir(dataDir, { recursive: true });
  const fresh = randomBytes(32).toString('base64url');
  await writeFile(file, fresh, { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const secret = secretBytes((await readFile(file, 'utf8')).trim());
  if (!secret) throw new Error(`${file} holds no usable secret. Remove it to begin anew: every session then ends.`);
  return secret;
}

/** Where no issuer is named it is called by its port, which must be known before anything is said in its name. */
async function knownPort({ PORT, ISSUER_URL, HOST }: Settings): Promise<number> {
  return PORT === 0 && ISSUER_URL === undefined ? freePort(0, HOST) : PORT;
}

/** Fills in what a first try should not have to ask for: a PostgreSQL and a secret, both kept in `DATA_DIR`, and a free port. */
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
  };
}
