import { Module } from '@nestjs/common';
import { KeysModule } from '../keys/keys.module.js';
import { Receivers } from './receivers/receivers.service.js';
import { SignalUpkeepRepository } from './upkeep/signal-upkeep.repository.js';
import { SignalUpkeep } from './upkeep/signal-upkeep.service.js';
import { SignalsController } from './signals.controller.js';
import { SignalsRepository } from './signals.repository.js';
import { SignalsService } from './signals.service.js';
import { WaitingPolls } from './waiting-polls.service.js';

@Module({
  imports: [KeysModule],
  controllers: [SignalsController],
  providers: [SignalsRepository, SignalUpkeepRepository, Receivers, SignalUpkeep, WaitingPolls, SignalsService],
})
export class SignalsModule {}
