import 'reflect-metadata';
import { AuthGuardModule, Public, RevocationFeed } from '@auth-service/guard';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';

// An app that others have written, run in a process of its own: with the issuer, and where it is reached.
const [issuer = '', url = ''] = process.argv.slice(2);

@Controller()
class NotesController {
  constructor(private readonly feed: RevocationFeed) {}

  @Get('notes')
  notes(): object {
    return {};
  }

  @Get('health/ready')
  @Public()
  health(): object {
    return this.feed.state;
  }
}

@Module({ imports: [AuthGuardModule.forRoot({ issuer, url })], controllers: [NotesController] })
class NotesModule {}

const app = await NestFactory.create(NotesModule, new FastifyAdapter(), { logger: false });
await app.listen(0, '127.0.0.1');
process.on('SIGTERM', () => void app.close());
process.stdout.write(` API ${await app.getUrl()}\n`);
