import { Injectable } from '@nestjs/common';
import { Config } from '../platform/config/config.js';
import { Jobs } from '../platform/jobs/jobs.service.js';
import { LOCALES } from '../platform/locale.value.js';
import type { Recipient } from './mail.value.js';
import type { MailParams, MailTemplate } from './templates/mails.value.js';

/** Queues emails; `MailSender` sends them. */
@Injectable()
export class MailService {
  constructor(
    private readonly jobs: Jobs,
    private readonly config: Config,
  ) {}

  /**
   * Queues an email within the current transaction. It is sent at least once after the commit, as soon as the mail server is
   * available. Its content is encrypted in the database.
   * @param locale the user's language; for null or an unsupported language, the service's default is used
   */
  async enqueue<Template extends MailTemplate>(
    template: Template,
    { to, locale }: { to: string; locale: string | null },
    params: MailParams[Template],
  ): Promise<void> {
    const recipient: Recipient = { to, locale: LOCALES.find((known) => known === locale) ?? this.config.defaultLocale };
    await this.jobs.enqueue('mail', { template, ...recipient, params });
  }
}
