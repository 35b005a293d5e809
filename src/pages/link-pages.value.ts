import { PATHS } from '../mail/templates/mails.value.js';

/** What one of the pages does when its button is pressed. */
export interface LinkPage {
  path: string;
  /** Where the button's POST goes, as seen from the page: a proxy may have put both below a path of its own. */
  endpoint: string;
  /** Without one there is nothing to send. */
  needsToken: boolean;
  /** What the person is asked for. */
  field?: 'email' | 'password';
  /** The browser is known from then on, by a cookie. */
  keepsDevice?: boolean;
  /** Where anybody may ask for another link, seen from the page. */
  newLink?: string;
  /** The next step is in the app, and not in the mailbox. */
  leadsOn?: boolean;
}

/** A page for every link that a mail may hold, and one for who needs another to confirm an address. */
export const LINK_PAGES = {
  verify_email: {
    path: PATHS.verify_email,
    endpoint: 'auth/verify-email',
    needsToken: true,
    newLink: 'resend-verification',
    leadsOn: true,
  },
  resend_verification: {
    path: '/resend-verification',
    endpoint: 'auth/verify-email/resend',
    needsToken: false,
    field: 'email',
  },
  forgot_password: {
    path: PATHS.already_registered,
    endpoint: 'auth/forgot-password',
    needsToken: false,
    field: 'email',
  },
  reset_password: {
    path: PATHS.reset_password,
    endpoint: 'auth/reset-password',
    needsToken: true,
    keepsDevice: true,
    field: 'password',
    newLink: 'forgot-password',
    leadsOn: true,
  },
  accept_invitation: {
    path: PATHS.invitation,
    endpoint: 'auth/accept-invitation',
    needsToken: true,
    keepsDevice: true,
    field: 'password',
    leadsOn: true,
  },
  confirm_email: {
    path: PATHS.confirm_email_change,
    endpoint: 'auth/confirm-email-change',
    needsToken: true,
    leadsOn: true,
  },
  undo_email_change: { path: PATHS.email_changed, endpoint: 'auth/undo-email-change', needsToken: true },
} as const satisfies Record<string, LinkPage>;

export type LinkPageName = keyof typeof LINK_PAGES;
