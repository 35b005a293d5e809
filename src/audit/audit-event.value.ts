/**
 * Every event that the audit log knows, with its detail: words, ids and numbers. Never a secret, an email or a name, for
 * rows outlive accounts, and nothing in them may be changed later. A new event is one line here.
 */
interface AuditDetails {
  user_registered: Empty;
  /** Somebody registered with the address of an account, and was told nothing of it. */
  registration_repeated: Empty;
  /** The session that was opened is the event's own. */
  login_succeeded: Empty;
  /** Without a subject when no account has the address. `disabled`: the account is not allowed to log in. */
  login_failed: { disabled: boolean };
  /** Too many wrong passwords: with this one a wait began, for whoever tried or for the whole account. */
  login_limited: Empty;
  /** Why, as the session keeps it. */
  session_closed: { reason: string };
  /** Several of the subject's at once. */
  sessions_closed: { reason: string; count: number };
  /** A refresh token came back after it was used up: the session was closed. Which of two hands was whose, nobody knows. */
  refresh_token_reuse: Empty;
  verification_requested: Empty;
  email_verified: Empty;
  password_reset_requested: Empty;
  password_reset: Empty;
  password_changed: Empty;
  email_change_requested: Empty;
  email_changed: Empty;
  email_change_undone: Empty;
  /** Language tags (BCP 47). */
  locale_changed: { from: string | null; to: string | null };
  /** By its owner or an admin; erased later, unless restored. */
  account_closed: Empty;
  account_erased: Empty;
  account_restored: Empty;
  role_changed: { from: string; to: string };
  /** Without the reason: that is text that an admin typed, so it is kept with the account, where it can be erased. */
  user_disabled: Empty;
  user_enabled: Empty;
  user_invited: { role: string };
  /** Came from elsewhere, on an operator's word. */
  user_imported: { role: string };
  invitation_accepted: Empty;
  admin_sessions_closed: { count: number };
  /** A one-time link was printed by which its holder becomes an admin. */
  admin_link_made: Empty;
  signing_key_rotated: { kid: string; reason: 'schedule' | 'command' };
  signing_key_removed: { kid: string };
  signing_key_revoked: { kid: string; successor: string };
}

type Empty = Record<never, never>;

export type AuditEventName = keyof AuditDetails;

/** Any event's detail, as it is read. */
export type AuditEventDetail = Readonly<Record<string, string | number | boolean | null>>;

/** Who did what to whom. Its time, request and address are found where it is recorded. */
export type AuditEvent<Name extends AuditEventName = AuditEventName> = {
  [N in Name]: {
    type: N;
    /** The user who did it; null: not proven who, or nobody but the service and its operators. */
    actorId: string | null;
    /** The user whom it is about; null: no known one. */
    subjectId: string | null;
    sessionId?: string | null;
  } & (keyof AuditDetails[N] extends never ? { detail?: never } : { detail: AuditDetails[N] });
}[Name];

/** What an operator should look into: a warning in the log. */
export const ALARMING: ReadonlySet<AuditEventName> = new Set(['refresh_token_reuse', 'signing_key_revoked']);
