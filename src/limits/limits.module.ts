import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Buckets } from './buckets.service.js';
import { Counters } from './counting/counters.service.js';
import { ExpiredLimits } from './counting/expired-limits.service.js';
import { Failures } from './failures.service.js';
import { GiveBacks } from './counting/give-backs.service.js';
import { Guesses } from './guesses.service.js';
import { Insurance } from './counting/insurance.service.js';
import { Ledger } from './counting/ledger.service.js';
import { RateLimit } from './counting/rate-limit.entity.js';
import { RateLimitsRepository } from './counting/rate-limits.repository.js';
import { Requests } from './requests.service.js';
import { Turns } from './counting/turns.service.js';
import { UnderWay } from './counting/under-way.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([RateLimit])],
  providers: [
    RateLimitsRepository,
    Buckets,
    GiveBacks,
    Insurance,
    Ledger,
    UnderWay,
    Counters,
    Turns,
    ExpiredLimits,
    Guesses,
    Requests,
    Failures,
  ],
  exports: [Guesses, Requests, Failures],
})
export class LimitsModule {}
