import { Controller, Get, type INestApplication, Module, Post, type Type } from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AuthGuardModule, type AuthGuardOptions, CurrentUser, type Principal, Public, Roles } from '../../src/index.js';
import { ISSUER, NOW_SECONDS } from './tokens.js';

const platforms = {
  Fastify: (): AbstractHttpAdapter => new FastifyAdapter(),
  Express: (): AbstractHttpAdapter => new ExpressAdapter(),
};
export type Platform = keyof typeof platforms;
export const platformNames = Object.keys(platforms) as Platform[];

@Controller()
export class NotesController {
  @Get('open')
  @Public()
  open(): object {
    return { open: true };
  }

  @Get('me')
  me(@CurrentUser() user: Principal): object {
    return { ...user };
  }

  @Get('email')
  email(@CurrentUser('email') email: string): object {
    return { email };
  }

  @Post('me')
  post(@CurrentUser() user: Principal): object {
    return { ...user };
  }

  @Get('admin')
  @Roles('admin', 'owner')
  admin(): object {
    return { admin: true };
  }
}

export interface RunningApp {
  url: string;
  port: number;
  app: INestApplication;
}

const running: INestApplication[] = [];

/** A real app on a free port of the loopback; `closeApps` ends it. */
export async function serve(
  module: Type,
  platform: Platform = 'Fastify',
  prepare: (app: INestApplication) => void = () => undefined,
): Promise<RunningApp> {
  const app = await NestFactory.create(module, platforms[platform](), { logger: false, abortOnError: false });
  running.push(app);
  prepare(app);
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as { address(): { port: number } }).address();
  return { app, port, url: `http://127.0.0.1:${port}` };
}

/** The notes app, guarded. */
export function serveGuarded(
  options: Partial<AuthGuardOptions> & Pick<AuthGuardOptions, 'keys'>,
  platform?: Platform,
): Promise<RunningApp> {
  const guard = AuthGuardModule.forRoot({ issuer: ISSUER, clock: () => NOW_SECONDS * 1000, ...options });

  @Module({ imports: [guard], controllers: [NotesController] })
  class NotesModule {}

  return serve(NotesModule, platform);
}

export async function closeApps(): Promise<void> {
  await Promise.all(running.splice(0).map((app) => app.close()));
}

export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

export async function get(url: string, authorization?: string): Promise<Answer> {
  const response = await fetch(url, { headers: authorization === undefined ? {} : { authorization } });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}
