import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module.js';
import { AccessTokensService } from './access-tokens.service.js';
import { EventTokensService } from './event-tokens.service.js';
import { KeyRotation } from './rotation/key-rotation.service.js';
import { KeySeals } from './key-seals.service.js';
import { KeyWatch } from './rotation/key-watch.service.js';
import { KeysController } from './keys.controller.js';
import { KeysService } from './keys.service.js';
import { SigningKey } from './signing-key.entity.js';
import { SigningKeysRepository } from './signing-keys.repository.js';

@Module({
  imports: [TypeOrmModule.forFeature([SigningKey]), AuditModule, JwtModule.register({})],
  controllers: [KeysController],
  providers: [
    SigningKeysRepository,
    KeySeals,
    KeysService,
    KeyRotation,
    KeyWatch,
    AccessTokensService,
    EventTokensService,
  ],
  exports: [KeysService, KeyRotation, AccessTokensService, EventTokensService],
})
export class KeysModule {}
