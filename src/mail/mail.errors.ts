/** The mail server was out of reach, or refused for now. */
export class MailNotSent extends Error {
  /** @param code what the log may say: a code of SMTP or of the system, no address */
  constructor(readonly code: string) {
    super('the mail could not be sent');
    this.name = 'MailNotSent';
  }
}
