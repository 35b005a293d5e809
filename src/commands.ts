import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import { commandOf } from './commands/programs.service.js';
import { USAGE, asksForHelp } from './commands/usage.value.js';
import { checkedSettings } from './platform/config/checked-settings.js';
import { Config } from './platform/config/config.js';
import { currentEnvironment } from './platform/config/environment.js';
import { migrate } from './platform/database/migrate.js';
import { completeSettings } from './platform/startup/local-defaults.js';
import { createLogger, NestLogger } from './platform/log/logger.js';
import { refuseCommand, say } from './platform/startup/startup.js';

// One command of an operator's: the service without HTTP, beside those that run. Its log goes to standard error.
const words = process.argv.slice(2);
if (asksForHelp(words)) {
  say([USAGE]);
  process.exit(0);
}

try {
  const command = commandOf(words);
  const local = await completeSettings(checkedSettings(currentEnvironment()));
  try {
    const config = new Config(local.settings);
    const logger = createLogger({ level: config.logLevel, pretty: !config.production, destination: process.stderr });
    await migrate(config.databaseDirectUrl);
    const service = await NestFactory.createApplicationContext(AppModule.forRoot(config, logger), {
      logger: new NestLogger(logger),
      abortOnError: false,
    });
    try {
      say(await command(service));
    } finally {
      await service.close();
    }
  } finally {
    await local.stop();
  }
} catch (error) {
  refuseCommand(error);
}
