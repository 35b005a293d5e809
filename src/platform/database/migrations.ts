import { Init1795363200000 } from '../../../migrations/1795363200000-init.js';
import { Revocations1795370400000 } from '../../../migrations/1795370400000-revocations.js';
import { RetiredKeys1795374000000 } from '../../../migrations/1795374000000-retired-keys.js';
import { Audit1795381200000 } from '../../../migrations/1795381200000-audit.js';
import { Accounts1795384800000 } from '../../../migrations/1795384800000-accounts.js';
import { Signals1795385400000 } from '../../../migrations/1795385400000-signals.js';
import { Administration1795388400000 } from '../../../migrations/1795388400000-administration.js';
import { RateLimits1795392000000 } from '../../../migrations/1795392000000-rate-limits.js';
import { KnownDevices1795395600000 } from '../../../migrations/1795395600000-known-devices.js';
import { KeptAddresses1795399200000 } from '../../../migrations/1795399200000-kept-addresses.js';
import { EndedSessions1795402800000 } from '../../../migrations/1795402800000-ended-sessions.js';
import { ActiveUsers1795406400000 } from '../../../migrations/1795406400000-active-users.js';
import { PlainUsers1795410000000 } from '../../../migrations/1795410000000-plain-users.js';
import { AccountSignals1795413600000 } from '../../../migrations/1795413600000-account-signals.js';

/**
 * All migrations in order. They are listed as classes instead of file patterns so that Node, Jest and the CLI load the same
 * ones.
 */
export const MIGRATIONS = [
  Init1795363200000,
  Revocations1795370400000,
  RetiredKeys1795374000000,
  Audit1795381200000,
  Accounts1795384800000,
  Signals1795385400000,
  Administration1795388400000,
  RateLimits1795392000000,
  KnownDevices1795395600000,
  KeptAddresses1795399200000,
  EndedSessions1795402800000,
  ActiveUsers1795406400000,
  PlainUsers1795410000000,
  AccountSignals1795413600000,
];
