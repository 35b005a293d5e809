import { API_INFO, AppModule } from './app.module.js';
import { Config, checkedSettings } from './platform/config/config.js';
import { currentEnvironment } from './platform/config/environment.js';
import { migrate } from './platform/database/migrate.js';
import { createApp } from './platform/http/create-app.js';
import { onSignals } from './platform/http/shutdown.js';
import { completeSettings } from './platform/local-defaults.js';
import { createLogger } from './platform/logger.js';
import { greet, logCrashes, refuseToStart } from './platform/startup.js';

try {
  const local = await completeSettings(checkedSettings(currentEnvironment()));
  try {
    const config = new Config(local.settings);
    const logger = createLogger({ level: config.logLevel, pretty: !config.production });
    logCrashes(logger);
    await migrate(config.databaseDirectUrl);
    const service = await createApp(AppModule.forRoot(config, logger), config, logger, API_INFO);
    await service.listen(config.port, config.host);
    onSignals(service, { afterClose: () => local.stop() });
    greet(config, await service.getUrl(), local.embedded);
  } catch (error) {
    await local.stop();
    throw error;
  }
} catch (error) {
  refuseToStart(error);
}
