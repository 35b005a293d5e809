import { Injectable } from '@nestjs/common';
import { Jobs } from '../platform/jobs/jobs.service.js';
import type { Recipient } from './mail.value.js';
import type { MailParams, MailTemplate } from './templates/mails.value.js';

/** Mails to people: asked for here, sent later. */
@Injectable()
export class MailService {
  constructor(private readonly jobs: Jobs) {}

  /**
   * Part of the transaction under way: the mail goes out once it is committed, at least once, whenever the mail server is there.
   * Nothing of it can be read in the database.
   */
  async enqueue<Template extends MailTemplate>(
    template: Template,
    { to, locale }: Recipient,
    params: MailParams[Template],
  ): Promise<void> {
    await this.jobs.enqueue('mail', { template, to, locale, params });
  }
}
