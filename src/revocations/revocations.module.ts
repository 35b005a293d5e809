import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions/sessions.module.js';
import { DeadRevocations } from './dead-revocations.service.js';
import { FeedReader } from './feed-reader.service.js';
import { RevocationsController } from './revocations.controller.js';
import { RevocationsRepository } from './revocations.repository.js';
import { RevocationsService } from './revocations.service.js';

@Module({
  imports: [SessionsModule],
  controllers: [RevocationsController],
  providers: [RevocationsRepository, FeedReader, DeadRevocations, RevocationsService],
})
export class RevocationsModule {}
