import { Injectable, type OnModuleInit, Optional } from '@nestjs/common';
import { Config } from '../platform/config/config.js';
import { EventLog } from '../platform/log/event-log.js';
import { traced } from '../platform/instruments/tracing.js';
import type { Job } from '../platform/jobs/job.js';
import { Jobs } from '../platform/jobs/jobs.service.js';
import { DevMailbox } from './dev-mailbox.service.js';
import type { OutgoingMail, Recipient } from './mail.value.js';
import { Smtp } from './smtp.service.js';
import { linkIn, TELLING } from './templates/mails.value.js';
import { type MailRequest, renderMail } from './templates/render.value.js';

/**
 * Starts the lifetime of a link, in seconds, from now.
 * @returns false if the link is no longer valid
 */
export type LinkStart = (token: string, seconds: number) => Promise<boolean>;

/** Renders and sends queued emails. */
@Injectable()
export class MailSender implements OnModuleInit {
  private startLink: LinkStart | undefined;

  constructor(
    private readonly jobs: Jobs,
    private readonly config: Config,
    private readonly events: EventLog,
    @Optional() private readonly smtp?: Smtp,
    @Optional() private readonly mailbox?: DevMailbox,
  ) {}

  onModuleInit(): void {
    // Without a mail server, emails stay queued until there is one.
    if (!this.smtp && !this.mailbox) return this.events.warn('mail_waits_for_smtp_url', {});
    this.jobs.work<MailRequest & Recipient>('mail', (job) => this.send(job));
  }

  /**
   * Registers the function that starts links; call it during module initialization. It is called before each attempt to send an
   * email with a link.
   */
  startLinksBy(startLink: LinkStart): void {
    this.startLink = startLink;
  }

  private async send(job: Job<MailRequest & Recipient>): Promise<void> {
    const mail = this.compose(job);
    const { id, template } = mail;
    const { smtp } = this;
    if (!(await this.isStillWorthSending(job.data)))
      return this.events.record('mail_outdated', { mailId: id, template });
    if (smtp) {
      await traced('smtp send', { template }, () => smtp.send(mail));
      this.events.record('mail_sent', { mailId: id, template });
    } else {
      this.mailbox?.keep(mail);
      this.events.record('mail_waits', { template, path: `/dev/mailbox/${id}` });
    }
  }

  private async isStillWorthSending({ template, params }: MailRequest): Promise<boolean> {
    const link = linkIn(params);
    const leads = !link || (await this.startLink?.(link.token, link.validSeconds));
    return leads !== false || TELLING.has(template);
  }

  private compose({ id, data: request, enqueuedAt }: Job<MailRequest & Recipient>): OutgoingMail {
    const { issuerUrl, linkBaseUrl, appName: app, mailFrom: from } = this.config;
    const host = new URL(issuerUrl).hostname;
    return {
      id,
      template: request.template,
      from,
      to: request.to,
      ...renderMail(request, { linkBaseUrl, app, host }),
      writtenAt: enqueuedAt,
      messageId: `<${id}@${host}>`,
      // RFC 3834: prevents automatic replies.
      headers: { 'Auto-Submitted': 'auto-generated' },
    };
  }
}
