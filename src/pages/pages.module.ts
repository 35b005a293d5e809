import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from '../platform/config/config.js';
import { PagesController } from './pages.controller.js';

/** There are no pages where the links in mails lead to those of a team's own. */
@Module({})
export class PagesModule {
  static forRoot({ linkBaseUrl, issuerUrl }: Config): DynamicModule {
    return { module: PagesModule, controllers: linkBaseUrl === issuerUrl ? [PagesController] : [] };
  }
}
