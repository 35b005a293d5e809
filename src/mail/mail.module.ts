import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from '../platform/config/config.js';
import { DevMailboxController } from './dev-mailbox.controller.js';
import { DevMailbox } from './dev-mailbox.service.js';
import { MailSender } from './mail-sender.service.js';
import { MailService } from './mail.service.js';
import { Smtp } from './smtp.service.js';

/** With a mail server, emails are sent. Without one they stay queued in production, and appear on a page otherwise. */
@Module({})
export class MailModule {
  static forRoot({ smtp, production }: Config): DynamicModule {
    const mailbox = !smtp && !production;
    return {
      module: MailModule,
      global: true,
      controllers: mailbox ? [DevMailboxController] : [],
      providers: [
        MailService,
        MailSender,
        ...(smtp ? [{ provide: Smtp, useValue: new Smtp(smtp) }] : []),
        ...(mailbox ? [DevMailbox] : []),
      ],
      exports: [MailService, MailSender],
    };
  }
}
