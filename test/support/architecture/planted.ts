import type { RuleName } from './check.js';
import type { Tree } from './model.js';

/** One violation: what to lay over the sound house, as path -> source text, and what it shows. */
export interface Plant {
  shows: string;
  files: Readonly<Record<string, string>>;
}

/** A small house that keeps every rule and has every kind of file in it. */
export const soundHouse: Tree = new Map(
  Object.entries({
    'src/main.ts': `import { AppModule } from './app.module.js'; import { readConfig } from './platform/config/config.js';`,
    'src/app.module.ts': `import { UsersModule } from './users/users.module.js'; import { AuthModule } from './auth/auth.module.js';`,
    'src/platform/errors.ts': `export class Refusal extends Error {}`,
    'src/platform/config/config.ts': `export const readConfig = () => process.env;`,
    'src/platform/database/migrate.ts': `import { Init1 } from '../../../migrations/1-init.js'; import 'typeorm'; import pg from 'pg';`,
    'src/platform/http/problem.filter.ts': `import { HttpException } from '@nestjs/common'; import 'fastify'; import 'node:events';`,
    'src/users/email-address.value.ts': `import { domainToASCII } from 'node:url'; import { Refusal } from '../platform/errors.js';`,
    'src/users/user.entity.ts': `import { Column, Entity } from 'typeorm';
      @Entity('users') export class User { @Column({ name: 'created_at' }) createdAt!: Date; }`,
    'src/users/users.errors.ts': `export class EmailTaken {}`,
    'src/users/users.repository.ts': `import { Repository } from 'typeorm'; import { User } from './user.entity.js';`,
    'src/users/users.service.ts': `import { Injectable } from '@nestjs/common'; import { UsersRepository } from './users.repository.js';`,
    'src/users/users.dto.ts': `import { ApiProperty } from '@nestjs/swagger';
      export class UserResponse { createdAt!: string; expiresInSeconds!: number; }`,
    'src/users/users.controller.ts': `import { Get } from '@nestjs/common'; import { UsersService } from './users.service.js';
      import { UserResponse } from './users.dto.js'; import { CurrentUser } from '@auth-service/guard';`,
    'src/users/users.module.ts': `import { TypeOrmModule } from '@nestjs/typeorm'; import { UsersController } from './users.controller.js';`,
    'src/auth/passwords/bcrypt.worker.mjs': `import bcrypt from 'bcryptjs';`,
    'src/auth/passwords/hash-pool.service.ts': `import { Piscina } from 'piscina';
      const worker = new URL('./bcrypt.worker.mjs', import.meta.url).href;`,
    'src/auth/passwords/passwords.service.ts': `import { HashPool } from './hash-pool.service.js';`,
    'src/auth/auth.service.ts': `import { UsersService } from '../users/users.service.js'; import { User } from '../users/user.entity.js';
      import { Passwords } from './passwords/passwords.service.js';`,
    'src/auth/auth.controller.ts': `import { AuthService } from './auth.service.js'; import { UserResponse } from '../users/users.dto.js';
      import { OriginGuard } from './origin.guard.js';`,
    'src/auth/origin.guard.ts': `import type { FastifyRequest } from 'fastify';`,
    'src/auth/auth.module.ts': `import { UsersModule } from '../users/users.module.js'; import { AuthController } from './auth.controller.js';`,
    'migrations/1-init.ts': `import type { MigrationInterface } from 'typeorm'; export class Init1 {}`,
    'ormconfig.ts': `import { User } from './src/users/user.entity.js'; import { readConfig } from './src/platform/config/config.js';`,
    'packages/guard/src/index.ts': `export * from './current-user.js';`,
    'packages/guard/src/current-user.ts': `import { UnauthorizedException } from '@nestjs/common';`,
    'test/users/users.spec.ts': `import { User } from '../../src/users/user.entity.js'; it('keeps one row for one address', () => {});`,
  }),
);

const service = 'src/users/names.service.ts';
const value = 'src/users/name.value.ts';
const spec = 'test/users/names.spec.ts';
const one = (path: string, text: string, shows = text): Plant => ({ shows, files: { [path]: text } });

/** At least one violation of every rule there is. */
export const planted: Readonly<Record<RuleName, readonly Plant[]>> = {
  knownPlace: [
    one('src/billing/bills.service.ts', '', 'a room not on the list'),
    one('src/loose.ts', '', 'a file beside the rooms'),
  ],
  folderOrder: [
    one(service, `import { AuthService } from '../auth/auth.service.js';`),
    one(service, `import type { AuthService } from '../auth/auth.service.js';`),
    one(service, `const auth = await import('../auth/auth.service.js');`),
    one(service, `let auth: import('../auth/auth.service.js').AuthService;`),
    one(service, `import auth = require('../auth/auth.service.js');`),
    one(service, `const auth = createRequire(import.meta.url)('../auth/auth.service');`),
    one('src/platform/clock.ts', `import { User } from '../users/user.entity.js';`),
    one('src/platform/start.ts', `import { AppModule } from '../app.module.js';`),
  ],
  layerOrder: [
    one('src/users/role.entity.ts', `import { UsersService } from './users.service.js';`),
    one(service, `import { UserResponse } from './users.dto.js';`),
    one(value, `import { EmailTaken } from './users.errors.js';`),
    one(
      'src/auth/credentials/credentials.repository.ts',
      `import { UsersService } from '../../users/users.service.js';`,
    ),
  ],
  throughTheService: [
    one('src/users/names.controller.ts', `import { UsersRepository } from './users.repository.js';`),
    one('src/users/names.guard.ts', `import { UsersRepository } from './users.repository.js';`),
  ],
  visibility: [
    one('src/auth/names.service.ts', `import { UsersRepository } from '../users/users.repository.js';`),
    one('src/auth/names.controller.ts', `import { UsersController } from '../users/users.controller.js';`),
    one('src/auth/names.module.ts', `import { UserResponse } from '../users/users.dto.js';`),
    one('src/main.ts', `import { UsersRepository } from './users/users.repository.js';`),
  ],
  lowestModuleFirst: [
    one(
      'src/app.module.ts',
      `import { AuthModule } from './auth/auth.module.js'; import { UsersModule } from './users/users.module.js';`,
    ),
  ],
  guardStandsAlone: [
    one('packages/guard/src/claims.ts', `import { User } from '../../../src/users/user.entity.js';`),
    one('packages/guard/src/claims.ts', `import { soundHouse } from '../../../test/users/users.spec.js';`),
  ],
  srcStandsAlone: [
    one(service, `import { rows } from '../../test/users/users.spec.js';`),
    one(service, `import { dataSource } from '../../ormconfig.js';`),
    one(service, `import { CurrentUser } from '../../packages/guard/src/current-user.js';`),
  ],
  migrationsFromDatabaseOnly: [
    one(service, `import { Init1 } from '../../migrations/1-init.js';`),
    one('src/platform/start.ts', `import { Init1 } from '../../migrations/1-init.js';`),
  ],
  migrationsStandAlone: [one('migrations/2-roles.ts', `import { User } from '../src/users/user.entity.js';`)],
  ormconfigSeesDataOnly: [one('ormconfig.ts', `import { UsersService } from './src/users/users.service.js';`)],
  databaseBelowServices: [
    one(service, `import { DataSource } from 'typeorm';`),
    one(service, `import type { DataSource } from 'typeorm/data-source';`),
    one(service, `import { InjectRepository } from '@nestjs/typeorm';`),
    one('src/users/names.repository.ts', `import pg from 'pg';`),
    one('src/users/names.module.ts', `import { DataSource } from 'typeorm';`),
    one('src/main.ts', `import { DataSource } from 'typeorm';`),
  ],
  httpAtTheEdge: [
    one(service, `import type { FastifyRequest } from 'fastify';`),
    one(service, `import cookie from '@fastify/cookie';`),
    one(service, `import { NestFastifyApplication } from '@nestjs/platform-fastify';`),
    one(service, `import { createServer } from 'node:http';`),
    one(service, `import { NotFoundException } from '@nestjs/common';`),
    one(service, `import { HttpStatus as Status } from '@nestjs/common';`),
    one(service, `import * as nest from '@nestjs/common';`),
    one(service, `import { ApiProperty } from '@nestjs/swagger';`),
    one('src/users/names.errors.ts', `import { ConflictException } from '@nestjs/common';`),
  ],
  environmentInConfig: [
    one(service, `const port = process.env.PORT;`),
    one(service, `const port = process['env'].PORT;`),
    one(service, `const { env } = process;`),
    one(service, `const env = globalThis.process.env;`),
    one(service, `import { env } from 'node:process';`),
    one('src/platform/clock.ts', `const zone = process.env.TZ;`),
    one('packages/guard/src/claims.ts', `const issuer = process.env.ISSUER_URL;`),
  ],
  valueIsPure: [
    one(value, `import { readFile } from 'node:fs/promises';`),
    one(value, `import { Injectable } from '@nestjs/common';`),
    one(value, `import { readConfig } from '../platform/config/config.js';`),
    one(value, `const now = Date.now();`),
    one(value, `const now = new Date();`),
  ],
  noEventBus: [
    one(service, `import { EventEmitter2 } from '@nestjs/event-emitter';`),
    one(service, `import { EventEmitter } from 'node:events';`),
    one(service, `import EventEmitter from 'events';`),
    one(service, `import { Subject } from 'rxjs';`),
  ],
  noForwardRef: [one('src/users/names.module.ts', `import { forwardRef } from '@nestjs/common';`)],
  noBarrels: [
    one('src/platform/index.ts', ''),
    one(service, `export { UsersRepository } from './users.repository.js';`),
    one('src/platform/all.ts', `export * from './errors.js';`),
  ],
  noCycles: [
    {
      shows: 'two services that import each other',
      files: {
        'src/users/a.service.ts': `import { B } from './b.service.js';`,
        'src/users/b.service.ts': `import type { A } from './a.service.js';`,
      },
    },
    {
      shows: 'three files in a ring',
      files: {
        'src/platform/a.ts': `import { B } from './b.js';`,
        'src/platform/b.ts': `import { C } from './c.js';`,
        'src/platform/c.ts': `import { A } from './a.js';`,
      },
    },
  ],
  importsResolve: [one(service, `import { nothing } from './nothing.service.js';`)],
  importsReadable: [one(service, 'const room = await import(`../${name}.js`);')],
  fileName: [
    one('src/users/names.ts', '', 'a file without a role'),
    one('src/users/names.mapper.ts', '', 'a role that the house has not'),
    one('src/users/userNames.service.ts', '', 'a camelCase name'),
    one('migrations/2_roles.ts', '', 'an underscore'),
  ],
  namesSaySomething: [
    one('src/platform/utils.ts', '', 'utils'),
    one('src/platform/http/http-helpers.ts', '', 'helpers'),
    one('test/common/users.ts', '', 'common'),
    one(service, `export class UsersServiceImpl {}`),
    one(service, `export class UserManager {}`),
    one(service, `export type TransportType = 'cookie';`),
    one(service, `export abstract class BaseService {}`),
  ],
  wireShapeName: [one('src/users/names.dto.ts', `export class NameDto {}`)],
  errorName: [one('src/users/names.errors.ts', `export class NameTakenError {}`)],
  timeName: [
    one(service, `interface Row { closedAt: number }`),
    one(service, `const keep = (lifetimeSeconds: string) => lifetimeSeconds;`),
  ],
  dataName: [
    one('src/users/name.entity.ts', `@Entity('userNames') export class Name {}`),
    one('src/users/name.entity.ts', `class Name { @Column('text', { name: 'firstName' }) first!: string; }`),
  ],
  testName: [one(spec, `it('should keep a name', () => {});`), one(spec, `it.each([1])('should keep %s', () => {});`)],
  noTestLeftOut: [
    one(spec, `it.skip('keeps a name', () => {});`),
    one(spec, `describe.only('names', () => {});`),
    one(spec, `xit('keeps a name', () => {});`),
    one(spec, `it.todo('keeps a name');`),
  ],
};
