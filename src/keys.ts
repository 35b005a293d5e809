import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import { CommandUnknown } from './commands/commands.errors.js';
import { parseKeyCommand } from './commands/key-command.value.js';
import { KeyCommands } from './commands/key-commands.service.js';
import { Config, checkedSettings } from './platform/config/config.js';
import { currentEnvironment } from './platform/config/environment.js';
import { migrate } from './platform/database/migrate.js';
import { completeSettings } from './platform/local-defaults.js';
import { createLogger, NestLogger } from './platform/logger.js';
import { refuseCommand, say } from './platform/startup.js';

// One command about keys: the service without HTTP, beside those that run. Its log goes to standard error.
try {
  const command = parseKeyCommand(process.argv.slice(2));
  if (!command) throw new CommandUnknown();
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
      say(await service.get(KeyCommands, { strict: false }).run(command));
    } finally {
      await service.close();
    }
  } finally {
    await local.stop();
  }
} catch (error) {
  refuseCommand(error);
}
