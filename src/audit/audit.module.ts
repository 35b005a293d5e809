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

@Module({
  imports: [TypeOrmModule.forFeature([AuditRow, AuditChain])],
  providers: [AuditRepository, AuditService, ChainRepository, Sealer, ChainWatch, ChainVerifier],
  exports: [AuditService, ChainVerifier],
})
export class AuditModule {}
