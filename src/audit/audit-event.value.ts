/**
 * All event types, with their details: words, ids and numbers. Never a secret, an email address or a name, because rows outlive
 * accounts and cannot be changed.
 */
interface AuditDetails {
  user_registered: Empty;
  /** Somebody tried to register with the email address of an account. They were not told that it exists. */
  registration_repeated: Empty;
  /** `sessionId` is the new session. */
  login_succeeded: Empty;
  /** The subject is null if there is no account with this email address. `disabled`: the account is disabled. */
  login_failed: { disabled: boolean };
  /** This wrong password was one too many: a waiting time has begun for the caller or for the whole account. */
  login_limited: Empty;
  /** `reason` is the session's `closeReason`. */
  session_closed: { reason: string };
  /** Several sessions of the subject at once. */
  sessions_closed: { reason: string; count: number };
  /**
   * A used refresh token was used again, so the session was closed. One of its two holders may be a thief; it is unknown which.
   */
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
  /** Closed by its owner or an admin. It is erased later unless it is restored. */
  account_closed: Empty;
  account_erased: Empty;
  account_restored: Empty;
  role_changed: { from: string; to: string };
  /** Without the reason: an admin typed that text, so it is stored with the account, where it can be erased. */
  user_disabled: Empty;
  user_enabled: Empty;
  user_invited: { role: string };
  /** An operator imported the account from another system. */
  user_imported: { role: string };
  invitation_accepted: Empty;
  admin_sessions_closed: { count: number };
  /** A command printed a one-time link that makes its user an admin. */
  admin_link_made: Empty;
  signing_key_rotated: { kid: string; reason: 'schedule' | 'command' };
  signing_key_removed: { kid: string };
  signing_key_revoked: { kid: string; successor: string };
}

type Empty = Record<never, never>;

export type AuditEventName = keyof AuditDetails;

/** The detail of any event, as read from the database. */
export type AuditEventDetail = Readonly<Record<string, string | number | boolean | null>>;

/** Who did what to whom. The time, request id and IP address are added when it is recorded. */
export type AuditEvent<Name extends AuditEventName = AuditEventName> = {
  [N in Name]: {
    type: N;
    /** The user who did it. Null: somebody who was not logged in, or the service or its operators. */
    actorId: string | null;
    /** The user that it is about. Null: no known user. */
    subjectId: string | null;
    sessionId?: string | null;
  } & (keyof AuditDetails[N] extends never ? { detail?: never } : { detail: AuditDetails[N] });
}[Name];

/** Events that are logged as warnings, for operators to look into. */
export const ALARMING: ReadonlySet<AuditEventName> = new Set(['refresh_token_reuse', 'signing_key_revoked']);
