import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AuthGuardModule } from '@auth-service/guard';
import { IssuerDocuments } from '../../../packages/guard/src/keys/issuer-documents.js';
import { IssuerKeys } from '../../../packages/guard/src/keys/issuer-keys.js';
import { Client } from '../../support/http/client.js';

const ISSUER = 'http://localhost:3000';

@Controller()
class NotesController {
  @Get('notes')
  notes(): object {
    return {};
  }
}

/** An app that others have written, for whose keys time can be made to pass, but not for the tokens. */
export interface AppOfKeys {
  client: Client;
  letPass(minutes: number): void;
  stop(): Promise<void>;
}

export async function startAppOfKeys(serviceUrl: string): Promise<AppOfKeys> {
  let passedMs = 0;
  const clock = (): number => Date.now() + passedMs;
  const keys = new IssuerKeys(new IssuerDocuments(ISSUER, serviceUrl), clock, () => undefined);
  const guard = AuthGuardModule.forRoot({ issuer: ISSUER, url: serviceUrl, keys, revocations: true });

  @Module({ imports: [guard], controllers: [NotesController] })
  class NotesModule {}

  const app = await NestFactory.create<NestFastifyApplication>(NotesModule, new FastifyAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  return {
    client: new Client(await app.getUrl()),
    letPass: (minutes) => void (passedMs += minutes * 60_000),
    stop: () => app.close(),
  };
}
