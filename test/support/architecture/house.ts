/** The rooms of `src/`, lowest first: a room imports only from rooms to its left. One new feature is one word here. */
export const folders = [
  'platform',
  'mail',
  'audit',
  'limits',
  'keys',
  'users',
  'devices',
  'sessions',
  'revocations',
  'signals',
  'one-time-tokens',
  'verification',
  'mfa',
  'passkeys',
  'auth',
  'recovery',
  'account',
  'oidc',
  'admin',
  'pages',
  'health',
  'commands',
];

/** The layers of a room, lowest first: a file imports only from its own layer and those to its left. */
export const layers = ['value', 'entity', 'errors', 'repository', 'service', 'dto', 'controller', 'module'];

/** Roles that a file name may carry beside the layers, and the layer whose place they take. */
export const otherRoles: Readonly<Record<string, string>> = {
  worker: 'value',
  decorator: 'dto',
  guard: 'controller',
  filter: 'controller',
};

/** What one room shows to another; its controllers show and see `dto` as well. */
export const shownToOtherRooms = ['value', 'entity', 'errors', 'service', 'module'];

/** The only files that lie beside the rooms. They see a room as another room does. */
export const rootFiles = ['src/main.ts', 'src/commands.ts', 'src/app.module.ts'];

/** Packages that speak to the database, and the roles outside `platform/` that may import them. */
export const databasePackages: Readonly<Record<string, readonly string[]>> = {
  typeorm: ['entity', 'repository'],
  '@nestjs/typeorm': ['repository', 'module'],
  pg: [],
};

/** The roles outside `platform/` that may know that requests come over HTTP. */
export const httpRoles = ['controller', 'guard', 'filter'];

/** Whole packages that are about HTTP; `@fastify/…` is meant with `fastify`. */
export const httpPackages = ['fastify', 'express', '@nestjs/platform-fastify', '@nestjs/platform-express'];

/** Node's own modules that are about HTTP, without `node:`. */
export const httpBuiltins = ['http', 'https', 'http2'];

/** What of `@nestjs/common` is about HTTP, beside every `…Exception`. */
export const httpNames = [
  'All Body Controller Delete Get Head Header Headers HostParam HttpCode HttpStatus Ip Next Options Param Patch Post Put',
  'Query RawBody Redirect Render Req Request RequestMapping Res Response Session UploadedFile UploadedFiles',
]
  .join(' ')
  .split(' ');

/** Packages by which rooms could talk behind the order's back, and the names that make it so (`*`: any). */
export const eventBuses: Readonly<Record<string, readonly string[]>> = {
  '@nestjs/cqrs': ['*'],
  '@nestjs/event-emitter': ['*'],
  eventemitter2: ['*'],
  eventemitter3: ['*'],
  'node:events': ['default', 'EventEmitter', 'EventEmitterAsyncResource'],
  rxjs: ['BehaviorSubject', 'ReplaySubject', 'Subject'],
};

/** A value computes; whatever reaches past the process, or needs the framework, is not for it. */
export const impurePackages = /^(@nestjs\/|@fastify\/|fastify$|typeorm$|pg$|pino$|piscina$)/;

/** Node's own modules that a value may import, without `node:`. */
export const pureBuiltins = ['assert', 'buffer', 'crypto', 'punycode', 'querystring', 'string_decoder', 'url', 'util'];
