import { Injectable } from '@nestjs/common';
import { HashPool } from './hashing/hash-pool.service.js';
import { isDigestOf, parseImportedHash } from './imported-hash.value.js';
import { normalizePassword } from './password-policy.value.js';

/** Verifies passwords against imported hashes, which were made from the plain password. */
@Injectable()
export class ImportedPasswords {
  constructor(private readonly pool: HashPool) {}

  /**
   * Only the first 72 bytes of the password in UTF-8 count, as in the system that made the hash. That system may not have
   * normalized passwords, so this tries the password as typed and, if that differs, in NFC.
   * @param hash as returned by `sealForeignHash`
   * @param key the password key that it was sealed with
   * @param leastCost the least cost whose work it takes
   * @throws HashQueueFull, HashingFailed
   */
  async compare(password: string, hash: string, key: Buffer, leastCost: number): Promise<boolean> {
    const stored = parseImportedHash(hash);
    if (!stored) return false;
    const { cost, salt } = stored;
    const workCost = Math.max(cost, leastCost);
    const forms = [...new Set([password, normalizePassword(password)])];
    const digests = await Promise.all(forms.map((form) => this.pool.digest({ password: form, salt, cost, workCost })));
    return digests.filter((digest) => isDigestOf(stored, digest, key)).length > 0;
  }
}
