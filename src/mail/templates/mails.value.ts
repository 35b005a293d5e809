/** Good for one use, for so many seconds from when it is given to the mail server. */
interface TokenParams {
  token: string;
  validSeconds: number;
}

/** Every mail of the service, and what it is told. */
export interface MailParams {
  /** To a new account's address. */
  verify_email: TokenParams;
  /** To the owner of an account whose address somebody tried to register. */
  already_registered: Record<string, never>;
  /** To an address that nobody has confirmed yet, for which two people registered: its owner chooses the password. */
  registered_again: TokenParams;
  reset_password: TokenParams;
  password_changed: { ip: string | null; at: Date };
  /** To the new address. */
  confirm_email_change: TokenParams;
  /** To the old address; the token undoes the change, also once it has been confirmed. */
  email_change_requested: TokenParams & { newEmail: string };
  /** To the old address; the token undoes the change. */
  email_changed: TokenParams & { newEmail: string };
  /** To an address that an account had before, when somebody else wants it; the token undoes the change. */
  address_kept: TokenParams & { newEmail: string };
  new_device: { userAgent: string | null; ip: string | null; at: Date };
  session_closed_for_reuse: { at: Date };
  invitation: TokenParams & { invitedBy?: string };
  account_closed: { erasedAt: Date };
}

export type MailTemplate = keyof MailParams;

/** What the link of a mail allows, if it brings one that allows anything. */
export function linkIn(params: MailParams[MailTemplate]): TokenParams | null {
  return 'token' in params && 'validSeconds' in params ? (params as TokenParams) : null;
}

/** These tell of what has been done, and are sent whatever has become of their link. */
export const TELLING: ReadonlySet<MailTemplate> = new Set(['email_change_requested', 'email_changed'] as const);

/** Where the link of a mail leads, below `LINK_BASE_URL`; a token goes behind it, in the fragment, which no server sees. */
export const PATHS = {
  verify_email: '/verify-email',
  already_registered: '/forgot-password',
  registered_again: '/reset-password',
  reset_password: '/reset-password',
  password_changed: '/forgot-password',
  confirm_email_change: '/confirm-email',
  email_change_requested: '/undo-email-change',
  email_changed: '/undo-email-change',
  address_kept: '/undo-email-change',
  new_device: '/forgot-password',
  session_closed_for_reuse: '/forgot-password',
  invitation: '/accept-invitation',
} as const satisfies Partial<Record<MailTemplate, string>>;

/** What a mail says in one language. */
export interface MailText {
  subject: string;
  /** A paragraph each. */
  before: readonly string[];
  /** What is known about what happened. */
  facts?: readonly (readonly [name: string, value: string])[];
  /** What the link says. */
  action?: string;
  after: readonly string[];
}

/** What texts need beside their params, in their language. */
export interface Phrases {
  /** The name of the app. It stands at the end of no sentence, for it may end with a full stop itself. */
  app: string;
  /** As in "24 hours", in the nominative. */
  duration: (seconds: number) => string;
  /** To the minute, in UTC. */
  moment: (at: Date) => string;
  /** The day, in UTC. */
  day: (at: Date) => string;
}

/** All texts of one language: one that lacks a mail, or the words of a link, does not compile. */
export interface Language {
  /** Above the address of the link, for those whose button does not work. */
  address: string;
  /** The name of an app as it stands in a sentence. */
  name: (app: string) => string;
  /** The last line. @param sender who sends the mail: a name, a host, or both */
  footer: (sender: string) => string;
  /** What stands where nothing is known. */
  unknown: string;
  mails: {
    [Template in MailTemplate]: (
      params: MailParams[Template],
      phrases: Phrases,
    ) => Template extends keyof typeof PATHS ? MailText & { action: string } : MailText & { action?: never };
  };
}
