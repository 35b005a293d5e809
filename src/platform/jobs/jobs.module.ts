import { Global, Module } from '@nestjs/common';
import { JobSeals } from './job-seals.js';
import { JobStore } from './job-store.js';
import { Jobs } from './jobs.service.js';

@Global()
@Module({ providers: [JobStore, JobSeals, Jobs], exports: [Jobs, JobSeals] })
export class JobsModule {}
