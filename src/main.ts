import { API_INFO, AppModule } from './app.module.js';
import { Clock } from './platform/clock.js';
import { checkedSettings } from './platform/config/checked-settings.js';
import { Config } from './platform/config/config.js';
import { currentEnvironment } from './platform/config/environment.js';
import { migrate } from './platform/database/migrate.js';
import { createApp } from './platform/http/create-app.js';
import { serve } from './platform/http/serve.js';
import { onSignals } from './platform/http/connections/shutdown.js';
import { createInstruments } from './platform/instruments/instruments.js';
import { serveMetrics } from './platform/instruments/metrics-server.js';
import { completeSettings } from './platform/startup/local-defaults.js';
import { createLogger } from './platform/log/logger.js';
import { releaseStartMemory } from './platform/startup/start-memory.js';
import { greet, logCrashes, refuseToStart, warnOfMisspelt } from './platform/startup/startup.js';

try {
  const environment = currentEnvironment();
  const local = await completeSettings(checkedSettings(environment));
  try {
    const config = new Config(local.settings);
    const logger = createLogger({ level: config.logLevel, pretty: !config.production });
    logCrashes(logger);
    warnOfMisspelt(environment, logger);
    local.keepUp(logger);
    await migrate(config.databaseDirectUrl);
    const instruments = await createInstruments(config.traces, logger);
    const module = AppModule.forRoot(config, logger, new Clock(), instruments);
    const service = await createApp(module, config, logger, API_INFO, instruments);
    const metrics = config.metrics && (await serveMetrics(instruments.metrics, config.metrics));
    releaseStartMemory();
    await serve(service, config.port, config.host);
    onSignals(service, {
      logger,
      delayMillis: config.shutdownDelaySeconds * 1_000,
      afterClose: async () => {
        metrics?.close();
        await instruments.tracing.close();
        await local.stop();
      },
    });
    greet(config, logger, { url: await service.getUrl(), embedded: local.embedded, metrics: metrics?.url });
  } catch (error) {
    await local.stop();
    throw error;
  }
} catch (error) {
  refuseToStart(error);
}
