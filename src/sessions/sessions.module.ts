import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { RevokedSessions } from '@auth-service/guard';
import { AuditModule } from '../audit/audit.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { LimitsModule } from '../limits/limits.module.js';
import { EndedSessions } from './ended-sessions.service.js';
import { RefreshesRepository } from './refreshing/refreshes.repository.js';
import { Refreshes } from './refreshing/refreshes.service.js';
import { ReuseNotices } from './refreshing/reuse-notices.service.js';
import { ReusedTokens } from './refreshing/reused-tokens.service.js';
import { Rotations } from './refreshing/rotations.repository.js';
import { SessionChanges } from './session-changes.repository.js';
import { Session } from './session.entity.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';
import { TokenPairs } from './token-pairs.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Session]), AuditModule, LimitsModule, KeysModule],
  controllers: [SessionsController],
  providers: [
    { provide: RevokedSessions, useFactory: () => new RevokedSessions() },
    SessionChanges,
    SessionsRepository,
    EndedSessions,
    Rotations,
    RefreshesRepository,
    ReuseNotices,
    ReusedTokens,
    Refreshes,
    TokenPairs,
    SessionsService,
  ],
  exports: [SessionsService, RevokedSessions],
})
export class SessionsModule {}
