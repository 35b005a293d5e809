import { Global, Module } from '@nestjs/common';
import { JobStore } from './job-store.js';
import { Jobs } from './jobs.service.js';

@Global()
@Module({ providers: [JobStore, Jobs], exports: [Jobs] })
export class JobsModule {}
