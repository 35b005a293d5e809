import { Injectable } from '@nestjs/common';
import { HashPool } from './hashing/hash-pool.service.js';
import { isDigestOf, parseImportedHash } from './imported-hash.value.js';
import { normalizePassword } from './password-policy.value.js';

/** Verifies passwords against hashes that were made elsewhere, of the passwords themselves. */
@Injectable()
export class ImportedPasswords {
  constructor(private readonly pool: HashPool) {}

  /**
   * Of a password only the first 72 bytes of its UTF-8 count, as they did where the hash was made. It may have been composed otherwise there:
   * it is tried as it was typed and, where that is something else, in NFC.
   * @param hash as `sealForeignHash` gave it
   * @param key the password key that it was sealed with
   * @throws HashQueueFull, HashingFailed
   */
  async compare(password: string, hash: string, key: Buffer): Promise<boolean> {
    const stored = parseImportedHash(hash);
    if (!stored) return false;
    const { cost, salt } = stored;
    const forms = [...new Set([password, normalizePassword(password)])];
    const digests = await Promise.all(forms.map((form) => this.pool.digest({ password: form, salt, cost })));
    return digests.filter((digest) => isDigestOf(stored, digest, key)).length > 0;
  }
}
