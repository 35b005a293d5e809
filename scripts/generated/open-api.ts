import { randomBytes } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { API_INFO, AppModule } from '../../src/app.module.js';
import { checkedSettings } from '../../src/platform/config/checked-settings.js';
import { Config } from '../../src/platform/config/config.js';
import { buildOpenApiDocument } from '../../src/platform/http/openapi/open-api.js';
import { createLogger } from '../../src/platform/log/logger.js';

/** The OpenAPI document of the real app. In Nest's preview mode nothing of it is started, so no database is needed. */
export async function openApiDocument(): Promise<string> {
  const settings = checkedSettings({});
  const config = new Config({ ...settings, DATABASE_URL: 'postgres://nowhere/auth', AUTH_SECRET: [randomBytes(32)] });
  const module = AppModule.forRoot(config, createLogger({ level: 'silent' }));
  const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  return `${JSON.stringify(buildOpenApiDocument(app, API_INFO), null, 2)}\n`;
}
