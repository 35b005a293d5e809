import type { EventClaims } from '../../keys/event-tokens.service.js';
import type { CloseReason } from '../../sessions/session.entity.js';
import type { ClosedSession } from '../signals.repository.js';

/** What is told of sessions (OpenID CAEP 1.0, section 3.1). */
export const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';

/** Who closed a session, as CAEP defines it (section 2), if the reason implies it, and our own description. */
interface Cause {
  initiating_entity?: 'admin' | 'user' | 'policy' | 'system';
  reason_admin: { en: string };
}

const CAUSES: Readonly<Record<CloseReason, Cause>> = {
  logout: { initiating_entity: 'user', reason_admin: { en: 'The user logged out.' } },
  closed_by_user: { initiating_entity: 'user', reason_admin: { en: 'The user closed the session.' } },
  password_changed: { initiating_entity: 'user', reason_admin: { en: 'The user changed the password elsewhere.' } },
  password_reset: { initiating_entity: 'user', reason_admin: { en: 'The password was chosen anew by a link.' } },
  email_change_undone: { initiating_entity: 'user', reason_admin: { en: 'A change of the email address was undone.' } },
  role_changed: { initiating_entity: 'admin', reason_admin: { en: 'The role of the account changed.' } },
  account_disabled: { initiating_entity: 'admin', reason_admin: { en: 'The account was disabled.' } },
  // By its owner or by an admin.
  account_closed: { reason_admin: { en: 'The account was closed.' } },
  closed_by_admin: { initiating_entity: 'admin', reason_admin: { en: 'An administrator closed the session.' } },
  refresh_token_reuse: { initiating_entity: 'policy', reason_admin: { en: 'A used refresh token came back.' } },
};

/**
 * Builds the claims of a signal, which are the same for each delivery. The subject is the session, identified by the `sid` of
 * its access tokens, together with its user (RFC 9493; OpenID SSF 1.0 for `complex`).
 */
export function sessionRevoked(signal: ClosedSession, issuer: string, audience: string): EventClaims {
  const { jti, txn, sessionId, userId, reason, occurredAt } = signal;
  const closedSeconds = Math.floor(occurredAt.getTime() / 1000);
  return {
    jti,
    aud: audience,
    iat: closedSeconds,
    txn,
    sub_id: {
      format: 'complex',
      session: { format: 'opaque', id: sessionId },
      user: { format: 'iss_sub', iss: issuer, sub: userId },
    },
    events: { [SESSION_REVOKED]: { event_timestamp: closedSeconds, ...causeOf(reason) } },
  };
}

/** @returns undefined if the reason is unknown */
function causeOf(reason: string | null): Cause | undefined {
  return Object.entries(CAUSES).find(([known]) => known === reason)?.[1];
}
