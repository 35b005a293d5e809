import type { EventClaims } from '../../keys/event-tokens.service.js';
import type { ChangedAccount } from '../signals.repository.js';

const RISC = 'https://schemas.openid.net/secevent/risc/event-type/';

/** What is told of accounts (OpenID RISC 1.0, section 2), as the triggers on `users` name it. */
export const ACCOUNT_EVENTS = [
  'account-disabled',
  'account-enabled',
  'account-purged',
  // `identifier-changed` is for whoever gives out the addresses, and would tell the old one (section 2.5).
  'recovery-information-changed',
].map((type) => RISC + type);

/** A signal as its token claims it: the same for each delivery. The events of RISC that are told have no attributes. */
export function accountChanged(signal: ChangedAccount, issuer: string, audience: string): EventClaims {
  const { jti, txn, userId, type, occurredAt } = signal;
  return {
    jti,
    aud: audience,
    iat: Math.floor(occurredAt.getTime() / 1000),
    txn,
    sub_id: { format: 'iss_sub', iss: issuer, sub: userId },
    events: { [RISC + type]: {} },
  };
}
