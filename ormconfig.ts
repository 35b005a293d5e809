import { DataSource } from 'typeorm';
import { AuditRow } from './src/audit/audit-event.entity.js';
import { AuditChain } from './src/audit/chain/audit-chain.entity.js';
import { Credential } from './src/auth/credentials/credential.entity.js';
import { PasswordKey } from './src/auth/passwords/password-key.entity.js';
import { KnownDevice } from './src/devices/known-device.entity.js';
import { SigningKey } from './src/keys/signing-key.entity.js';
import { RateLimit } from './src/limits/counting/rate-limit.entity.js';
import { checkedSettings } from './src/platform/config/checked-settings.js';
import { currentEnvironment } from './src/platform/config/environment.js';
import { migratingOptions } from './src/platform/database/connections/data-source-options.js';
import { Revocation } from './src/revocations/revocation.entity.js';
import { OneTimeToken } from './src/one-time-tokens/one-time-token.entity.js';
import { Session } from './src/sessions/session.entity.js';
import { AccountSignal } from './src/signals/events/account-signal.entity.js';
import { Signal } from './src/signals/events/signal.entity.js';
import { SignalReceiver } from './src/signals/receivers/signal-receiver.entity.js';
import { User } from './src/users/user.entity.js';

const settings = checkedSettings(currentEnvironment());
const url = settings.DATABASE_DIRECT_URL ?? settings.DATABASE_URL;
if (!url) throw new Error('The migration commands need DATABASE_URL (or DATABASE_DIRECT_URL, past a pooler).');

/** For the command line of TypeORM: the same connection and migrations as the service's, and all entities to compare. */
export default new DataSource({
  ...migratingOptions(url),
  entities: [
    User,
    Credential,
    PasswordKey,
    SigningKey,
    KnownDevice,
    Session,
    Revocation,
    Signal,
    AccountSignal,
    SignalReceiver,
    OneTimeToken,
    AuditRow,
    AuditChain,
    RateLimit,
  ],
});
