import { Injectable } from '@nestjs/common';
import { Config } from '../platform/config/config.js';
import { Jobs } from '../platform/jobs/jobs.service.js';
import { LOCALES } from '../platform/locale.value.js';
import type { Recipient } from './mail.value.js';
import type { MailParams, MailTemplate } from './templates/mails.value.js';

/** Mails to people: asked for here, sent later. */
@Injectable()
export class MailService {
  constructor(
    private readonly jobs: Jobs,
    private readonly config: Config,
  ) {}

  /**
   * Part of the transaction under way: the mail goes out once it is committed, at least once, whenever the mail server is there.
   * Nothing of it can be read in the database.
   * @param locale as the user's account has it; the service's own for null, and for a language that it does not speak
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
