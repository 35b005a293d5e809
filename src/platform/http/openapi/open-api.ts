import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { documentationPolicy } from '../security-headers.js';
import { completeDocument } from './complete-document.js';
import { PAGE_STYLE, PAGE_OPTIONS } from './page.js';
import { Problem } from './problem.schema.js';

/** The general part of the document. */
export interface ApiInfo {
  title: string;
  version: string;
  description: string;
  /** In the order of the documentation page. */
  tags: readonly { name: string; description: string }[];
  /** Bearer tokens other than access tokens, for `@ApiBearerAuth(scheme)`. */
  bearers?: readonly { scheme: string; description: string }[];
  /** Cookies, for `@ApiCookieAuth(scheme)`. */
  cookies?: readonly { scheme: string; name: string; description: string }[];
}

const PAGE = '/docs';

/** The OpenAPI 3.1 document of all routes of an app. */
export function buildOpenApiDocument(app: NestFastifyApplication, info: ApiInfo): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(info.title)
    .setVersion(info.version)
    .setDescription(info.description)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/', 'This service.')
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: 'An access token: the `accessToken` from a login or refresh.',
    });
  for (const { name, description } of info.tags) builder.addTag(name, description);
  for (const { scheme, description } of info.bearers ?? []) {
    builder.addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'opaque', description }, scheme);
  }
  for (const { scheme, name, description } of info.cookies ?? []) {
    builder.addCookieAuth(name, { type: 'apiKey', in: 'cookie', description }, scheme);
  }
  return completeDocument(SwaggerModule.createDocument(app, builder.build(), { extraModels: [Problem] }));
}

/** Serves the document at `/openapi.json` and a documentation page at `/docs`; `/` redirects to the page. */
export function setupOpenApi(app: NestFastifyApplication, info: ApiInfo & { issuerUrl: string }): void {
  const server = app.getHttpAdapter().getInstance();
  const policy = documentationPolicy(info.issuerUrl);
  server.addHook('onRequest', (request, reply, done) => {
    const { url } = request.routeOptions;
    if (url === PAGE || url?.startsWith(`${PAGE}/`)) reply.header('content-security-policy', policy);
    done();
  });
  // A factory, so that the document is built on first use: building it would slow down the start.
  SwaggerModule.setup(PAGE, app, () => buildOpenApiDocument(app, info), {
    jsonDocumentUrl: '/openapi.json',
    raw: ['json'],
    customSiteTitle: info.title,
    customCss: PAGE_STYLE,
    swaggerOptions: PAGE_OPTIONS,
  });
  server.get('/', (_request, reply) => reply.redirect(PAGE, 302));
}
