import { createPrivateKey, createPublicKey } from 'node:crypto';
import { SecretRing } from '../../../src/platform/secrets/secret-ring.value.js';
import type { SigningKey } from '../../../packages/guard/test/support/tokens.js';
import type { TestService } from '../../support/service/service.js';

interface StoredKey {
  kid: string;
  secret_id: string;
  sealed: Buffer;
  activated_at: Date | null;
  retired_at: Date | null;
}

/** The service's own signing keys, opened as only the holder of AUTH_SECRET can: the active one and the standby. */
export async function signingKeysOf(service: TestService): Promise<{ active: SigningKey; standby: SigningKey }> {
  const ring = new SecretRing(service.config.authSecrets);
  const rows = await service.database.query<StoredKey>('SELECT * FROM signing_keys');
  const keyOf = (row: StoredKey | undefined): SigningKey => {
    if (!row) throw new Error('the service has no such signing key');
    const der = ring.open('signing-key', { secretId: row.secret_id, bytes: row.sealed }, row.kid);
    const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    return { kid: row.kid, privateKey, publicKey: createPublicKey(privateKey) };
  };
  return {
    active: keyOf(rows.find((row) => row.activated_at !== null && row.retired_at === null)),
    standby: keyOf(rows.find((row) => row.activated_at === null)),
  };
}
