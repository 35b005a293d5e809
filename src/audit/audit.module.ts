import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditRow } from './audit-event.entity.js';
import { AuditRepository } from './audit.repository.js';
import { AuditService } from './audit.service.js';
import { AuditChain } from './chain/audit-chain.entity.js';
import { ChainRepository } from './chain/chain.repository.js';
import { ChainWatch } from './chain/chain-watch.service.js';
import { Sealer } from './chain/sealer.service.js';
import { ChainVerifier } from './chain/verifier.service.js';
import { AuditPagesRepository } from './pages/audit-pages.repository.js';
import { AuditPages } from './pages/audit-pages.service.js';
import { EventsController } from './pages/events.controller.js';
import { OwnEventsController } from './pages/own-events.controller.js';

@Module({
  imports: [TypeOrmModule.forFeature([AuditRow, AuditChain])],
  controllers: [OwnEventsController, EventsController],
  providers: [
    AuditPagesRepository,
    AuditPages,
    AuditRepository,
    AuditService,
    ChainRepository,
    Sealer,
    ChainWatch,
    ChainVerifier,
  ],
  exports: [AuditService, AuditPages, ChainVerifier],
})
export class AuditModule {}
