// The app that bench/guard.mjs measures, in a process of its own: one route, guarded and not.
import 'reflect-metadata';
import { AuthGuardModule, Public } from '@auth-service/guard';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';

class NotesController {
  guarded() {
    return { text: 'a note' };
  }

  open() {
    return { text: 'a note' };
  }
}
decorate('guarded', Get('guarded'));
decorate('open', Get('open'));
decorate('open', Public());
Controller()(NotesController);

class AppModule {}
const guard = AuthGuardModule.forRoot({ issuer: process.argv[2] ?? '' });
Module({ imports: [guard], controllers: [NotesController] })(AppModule);

const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: false });
await app.listen(0, '127.0.0.1');
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});
process.send?.(await app.getUrl());

/**
 * What TypeScript writes as `@decorator` above a method.
 *
 * @param {'guarded' | 'open'} name
 * @param {MethodDecorator} decorator
 */
function decorate(name, decorator) {
  const descriptor = Object.getOwnPropertyDescriptor(NotesController.prototype, name);
  if (descriptor) decorator(NotesController.prototype, name, descriptor);
}
