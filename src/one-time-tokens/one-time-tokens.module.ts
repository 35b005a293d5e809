import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ExpiredTokens } from './expired-tokens.service.js';
import { KeptAddressesRepository } from './kept-addresses.repository.js';
import { OneTimeToken } from './one-time-token.entity.js';
import { MailedLinks } from './mailed-links.service.js';
import { OneTimeTokensRepository } from './one-time-tokens.repository.js';
import { OneTimeTokensService } from './one-time-tokens.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([OneTimeToken])],
  providers: [OneTimeTokensRepository, OneTimeTokensService, KeptAddressesRepository, MailedLinks, ExpiredTokens],
  exports: [OneTimeTokensService, MailedLinks],
})
export class OneTimeTokensModule {}
