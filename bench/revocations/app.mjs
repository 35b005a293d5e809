// A guarded app in a process of its own, as others write it. Arguments: the issuer, and the replica through which it is reached.
// Any message is answered with what the process has cost so far.
import 'reflect-metadata';
import { AuthGuardModule, RevocationFeed } from '@auth-service/guard';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';

class NotesController {
  notes() {
    return { text: 'a note' };
  }
}
const notes = Object.getOwnPropertyDescriptor(NotesController.prototype, 'notes');
if (notes) Get('notes')(NotesController.prototype, 'notes', notes);
Controller()(NotesController);

class AppModule {}
const [issuer = '', url = ''] = process.argv.slice(2);
Module({ imports: [AuthGuardModule.forRoot({ issuer, url })], controllers: [NotesController] })(AppModule);

const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: false });
await app.listen(0, '127.0.0.1');
process.on('message', () => process.send?.(cost()));
process.on('disconnect', () => process.exit());
process.send?.(await app.getUrl());

function cost() {
  const { user, system } = process.cpuUsage();
  globalThis.gc?.();
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { microseconds: user + system, rss, used: heapUsed + external, feed: app.get(RevocationFeed).state };
}
