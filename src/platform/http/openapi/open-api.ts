import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { documentationPolicy } from '../security-headers.js';
import { Problem } from './problem.schema.js';

export interface ApiInfo {
  title: string;
  version: string;
  description: string;
}

const PAGE = '/docs';

/** The OpenAPI 3.1 document of all routes of an app. */
export function buildOpenApiDocument(app: NestFastifyApplication, info: ApiInfo): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(info.title)
    .setVersion(info.version)
    .setDescription(info.description)
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' })
    .build();
  return SwaggerModule.createDocument(app, config, { extraModels: [Problem] });
}

/** Serves the document at `/openapi.json` and a page to read and try it at `/docs`, where `/` leads. */
export function setupOpenApi(app: NestFastifyApplication, info: ApiInfo & { issuerUrl: string }): void {
  const server = app.getHttpAdapter().getInstance();
  const policy = documentationPolicy(info.issuerUrl);
  server.addHook('onRequest', (request, reply, done) => {
    const { url } = request.routeOptions;
    if (url === PAGE || url?.startsWith(`${PAGE}/`)) reply.header('content-security-policy', policy);
    done();
  });
  // The factory is called at the first look: building the document takes part of a start's time.
  SwaggerModule.setup(PAGE, app, () => buildOpenApiDocument(app, info), {
    jsonDocumentUrl: '/openapi.json',
    raw: ['json'],
    customSiteTitle: info.title,
    swaggerOptions: { persistAuthorization: false },
  });
  server.get('/', (_request, reply) => reply.redirect(PAGE, 302));
}
