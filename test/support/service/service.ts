import { randomBytes } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { API_INFO, AppModule } from '../../../src/app.module.js';
import type { Clock } from '../../../src/platform/clock.js';
import { checkedSettings } from '../../../src/platform/config/checked-settings.js';
import { Config } from '../../../src/platform/config/config.js';
import { createApp } from '../../../src/platform/http/create-app.js';
import { serve } from '../../../src/platform/http/serve.js';
import { closeSilentConnections } from '../../../src/platform/http/connections/silent-connections.js';
import { createInstruments, type Instruments } from '../../../src/platform/instruments/instruments.js';
import { createLogger } from '../../../src/platform/log/logger.js';
import { createDatabase, type TestDatabase } from '../database/database.js';
import { TestMailbox } from '../mail/mailbox.js';

/** The service as it runs in production, on a database of its own, listening on a free port. */
export interface TestService {
  url: string;
  app: NestFastifyApplication;
  config: Config;
  database: TestDatabase;
  instruments: Instruments;
  /** Every line the service has logged so far. */
  log: string[];
  /** What it would have mailed, unless it has an SMTP_URL, or runs as in production. */
  mailbox: TestMailbox;
  stop(): Promise<void>;
}

export interface TestServiceOptions {
  settings?: Record<string, string>;
  clock?: Clock;
  /** A database that another replica uses already; it is not dropped by `stop`. */
  database?: TestDatabase;
  /** Another replica's, for either may be the one that sends. */
  mailbox?: TestMailbox;
  beforeListening?: (app: NestFastifyApplication) => void;
}

/** Settings that a test needs to state: a hash that costs little, a secret, and an issuer as the guard expects it. */
function testSettings(databaseUrl: string, settings: Record<string, string> = {}): Config {
  const complete = checkedSettings({
    NODE_ENV: 'test',
    AUTH_SECRET: randomBytes(32).toString('base64url'),
    ISSUER_URL: 'http://localhost:3000',
    BCRYPT_COST: '4',
    LOG_LEVEL: 'trace',
    RATE_LIMITS: 'off', // all come from one address here
    DATABASE_URL: databaseUrl,
    ...settings,
  });
  const { DATABASE_URL, AUTH_SECRET } = complete;
  if (!DATABASE_URL || !AUTH_SECRET) throw new Error('a test service needs DATABASE_URL and AUTH_SECRET');
  return new Config({ ...complete, DATABASE_URL, AUTH_SECRET });
}

/** Call `stop` in afterAll. A start that is refused leaves nothing behind. */
export async function startService(options: TestServiceOptions = {}): Promise<TestService> {
  const database = options.database ?? (await createDatabase());
  try {
    return await startOn(database, options);
  } catch (error) {
    if (!options.database) await database.drop();
    throw error;
  }
}

async function startOn(database: TestDatabase, options: TestServiceOptions): Promise<TestService> {
  const config = testSettings(database.url, options.settings);
  const log: string[] = [];
  const mailbox = options.mailbox ?? new TestMailbox();
  const running: { app?: NestFastifyApplication } = {}; // it logs before it is there
  const write = (line: string): void => {
    log.push(line);
    mailbox.hear(line, running.app);
  };
  const logger = createLogger({ level: config.logLevel, destination: { write } });
  const instruments = await createInstruments(config.traces, logger);
  const module = AppModule.forRoot(config, logger, options.clock, instruments);
  const app = await createApp(module, config, logger, API_INFO, instruments);
  running.app = app;
  options.beforeListening?.(app);
  await serve(app, 0, '127.0.0.1');
  return {
    url: await app.getUrl(),
    app,
    config,
    database,
    instruments,
    log,
    mailbox,
    stop: async () => {
      // As a shutdown does: a client may have opened connections on which it has nothing to say any more.
      const sweep = setInterval(() => closeSilentConnections(app.getHttpServer()), 20);
      await app.close().finally(() => clearInterval(sweep));
      await instruments.tracing.close();
      if (!options.database) await database.drop();
    },
  };
}
