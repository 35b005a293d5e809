import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Buckets } from './buckets.service.js';
import { Counters } from './counters.service.js';
import { ExpiredLimits } from './expired-limits.service.js';
import { Failures } from './failures.service.js';
import { GiveBacks } from './give-backs.service.js';
import { Guesses } from './guesses.service.js';
import { Insurance } from './insurance.service.js';
import { RateLimit } from './rate-limit.entity.js';
import { RateLimitsRepository } from './rate-limits.repository.js';
import { Requests } from './requests.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([RateLimit])],
  providers: [
    RateLimitsRepository,
    Buckets,
    GiveBacks,
    Insurance,
    Counters,
    ExpiredLimits,
    Guesses,
    Requests,
    Failures,
  ],
  exports: [Guesses, Requests, Failures],
})
export class LimitsModule {}
