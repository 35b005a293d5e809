import { createHmac, randomBytes } from 'node:crypto';
import { type BcryptHash, formatHash, parseHash } from '@auth-service/bcrypt-lanes';
import { Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import type { FieldError } from '../../platform/errors.js';
import { BreachedPasswords } from './breached-passwords.service.js';
import { isCommonPassword } from './common-passwords.service.js';
import { HashPool } from './hashing/hash-pool.service.js';
import { wordsOfService } from './context-words.value.js';
import { IMPORTED_SCHEME, parseImportedHash, sealForeignHash } from './imported-hash.value.js';
import { ImportedPasswords } from './imported-passwords.service.js';
import { PasswordKeys } from './password-keys.service.js';
import type { PasswordHash } from './password-hash.value.js';
import { BREACHED, normalizePassword, passwordProblem } from './password-policy.value.js';

/** bcrypt over base64(HMAC-SHA-384(password key, NFC(password))): 64 bytes, so bcrypt's limit of 72 cuts nothing. */
const SCHEME = 'bcrypt-hmac-sha384';

/** Hashes and verifies passwords; the work is done in the hash pool. */
@Injectable()
export class PasswordsService {
  private readonly decoy = decoyHash(this.config.bcryptCost);
  private readonly words = wordsOfService(this.config.issuerUrl, this.config.passwordContextWords);

  constructor(
    private readonly keys: PasswordKeys,
    private readonly pool: HashPool,
    private readonly config: Config,
    private readonly breached: BreachedPasswords,
    private readonly imported: ImportedPasswords,
  ) {}

  /**
   * Checks a new password, without hashing it and without asking another server.
   * @param email the owner's email address in its stored form
   * @returns what is wrong with it, or null
   */
  problemOf(password: string, email: string): FieldError | null {
    return passwordProblem(password, email, this.config.passwordMinLength, this.words, isCommonPassword);
  }

  /**
   * The same, and finally whether it is known from a breach, which asks another server and may take a second. Never call it in
   * a transaction, or before the caller has proven the right to set a password.
   */
  async problemInWorld(password: string, email: string): Promise<FieldError | null> {
    const problem = this.problemOf(password, email);
    if (problem) return problem;
    return (await this.breached.has(password)) ? BREACHED : null;
  }

  /**
   * Cheaply refuses a request that needs a hash, before it has cost anything: under a flood, refusals must not take the time of others.
   * @throws HashQueueFull
   */
  requireRoom(): void {
    this.pool.requireRoom();
  }

  /** @throws HashQueueFull, HashingFailed */
  async hash(password: string): Promise<PasswordHash> {
    const passwordKeyId = this.keys.currentId;
    const hash = await this.pool.hash(prepare(password, this.keys.get(passwordKeyId)), this.config.bcryptCost);
    return { hash, scheme: SCHEME, passwordKeyId };
  }

  /** What is kept of a hash that was made elsewhere; its password's next right login renews it. */
  adopt(foreign: BcryptHash): PasswordHash {
    const passwordKeyId = this.keys.currentId;
    return { hash: sealForeignHash(foreign, this.keys.get(passwordKeyId)), scheme: IMPORTED_SCHEME, passwordKeyId };
  }

  /**
   * Takes the same time whether there is a stored password or not, and whether it is right: without one it verifies against a decoy,
   * and a hash of a lower cost takes the work of a current one. By its time only a hash of a higher cost shows that it exists, and an
   * imported one a little, to a password that is not in NFC.
   * @throws HashQueueFull, HashingFailed
   */
  async verify(password: string, stored: PasswordHash | null): Promise<boolean> {
    const compared = stored ?? { hash: this.decoy, scheme: SCHEME, passwordKeyId: this.keys.currentId };
    return (await this.compare(password, compared)) && stored !== null;
  }

  /** True for a hash of an older cost, scheme or key, which the next successful login renews. */
  isOutdated(stored: PasswordHash): boolean {
    const { scheme, passwordKeyId } = stored;
    return scheme !== SCHEME || passwordKeyId !== this.keys.currentId || costOf(stored) !== this.config.bcryptCost;
  }

  private compare(password: string, { hash, scheme, passwordKeyId }: PasswordHash): Promise<boolean> {
    const key = this.keys.get(passwordKeyId);
    if (scheme === IMPORTED_SCHEME) return this.imported.compare(password, hash, key, this.config.bcryptCost);
    return this.pool.compare(prepare(password, key), hash, this.config.bcryptCost);
  }
}

function prepare(password: string, key: Buffer): string {
  return createHmac('sha384', key).update(normalizePassword(password)).digest('base64');
}

function costOf({ hash, scheme }: PasswordHash): number | undefined {
  return (scheme === IMPORTED_SCHEME ? parseImportedHash(hash) : parseHash(hash))?.cost;
}

/** A valid hash that matches no password. A malformed one would be rejected faster, which would reveal who has no account. */
function decoyHash(cost: number): string {
  return formatHash({ version: '2b', cost, salt: randomBytes(16), digest: randomBytes(23) });
}
