import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { type Instruments, plainInstruments } from '../instruments/instruments.js';
import { NestLogger } from '../log/logger.js';
import { createHttpServer } from './http-server.js';
import type { HttpSettings } from './http-settings.js';
import { type ApiInfo, setupOpenApi } from './openapi/open-api.js';
import { ProblemFilter } from './problems/problem.filter.js';
import type { IsDatabaseTrouble } from './problems/refused.js';
import { corsOptions } from './security-headers.js';
import { createValidationPipe } from './input/validation.js';

/** Injection token of `IsDatabaseTrouble`, which the module given to `createApp` must provide. */
export const IS_DATABASE_TROUBLE = Symbol('isDatabaseTrouble');

/** Creates the application as it runs in production, ready to listen. Tests use it, too. */
export async function createApp(
  module: Type | DynamicModule,
  settings: HttpSettings,
  logger: Logger,
  info: ApiInfo,
  instruments: Instruments = plainInstruments(),
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter(await createHttpServer(settings, logger, instruments));
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bodyParser: false,
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  app.useGlobalFilters(new ProblemFilter(app.get<IsDatabaseTrouble>(IS_DATABASE_TROUBLE, { strict: false })));
  app.useGlobalPipes(createValidationPipe());
  const cors = corsOptions(settings);
  if (cors) app.enableCors(cors);
  setupOpenApi(app, { ...info, issuerUrl: settings.issuerUrl });
  return app;
}
