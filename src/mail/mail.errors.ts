/** The mail server was unreachable, or refused temporarily. */
export class MailNotSent extends Error {
  /** @param code an SMTP or system error code, safe to log: it contains no address */
  constructor(readonly code: string) {
    super('the mail could not be sent');
    this.name = 'MailNotSent';
  }
}
