import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/audit.service.js';
import { Config } from '../../platform/config/config.js';
import { dueWork, type KeyDates, maySignFrom, signingKey, standbyKey } from './key-rota.value.js';
import { KeySeals } from '../key-seals.service.js';
import { KeyUnknown, StandbyTooYoung } from '../keys.errors.js';
import { SigningKeysRepository, type StoredKey } from '../signing-keys.repository.js';

/** Keys are changed on schedule or by an operator's command, so there is no user to record. */
const NOBODY = { actorId: null, subjectId: null };

/** What an operator can see of a key. */
export type ListedKey = KeyDates & { secretId: string };

/**
 * Changes the signing keys, on schedule or on an operator's command. One replica makes the change under a lock, based on what it
 * reads there. The others follow.
 */
@Injectable()
export class KeyRotation {
  constructor(
    private readonly keys: SigningKeysRepository,
    private readonly seals: KeySeals,
    private readonly config: Config,
    private readonly audit: AuditService,
  ) {}

  /** Whether a scheduled change is due. */
  isDue(keys: readonly StoredKey[]): boolean {
    const { rotate, makeStandby, remove } = this.due(keys);
    return rotate || makeStandby || remove.length > 0;
  }

  /** Makes the scheduled change that is due, unless another replica is making it. */
  async keep(): Promise<void> {
    await this.keys.changeAloneOrLeave(async (keys) => {
      const { rotate, makeStandby, remove } = this.due(keys);
      if (remove.length > 0) await this.keys.delete(remove);
      for (const kid of remove) await this.audit.record({ type: 'signing_key_removed', ...NOBODY, detail: { kid } });
      if (makeStandby) await this.insertNew();
      if (rotate) await this.recordRotated(await this.takeOver(keys), 'schedule');
    });
  }

  /**
   * Makes the standby key sign, and creates a new standby key.
   * @returns the id of the new signing key
   * @throws StandbyTooYoung
   */
  rotate(): Promise<string> {
    return this.keys.changeAlone(async (keys) => {
      const standby = standbyKey(keys);
      if (standby && maySignFrom(standby) > standby.readAt) throw new StandbyTooYoung(maySignFrom(standby));
      return this.recordRotated(await this.takeOver(keys), 'command');
    });
  }

  /**
   * Revokes a key that may have leaked: its tokens are no longer accepted. If it is the signing key, the standby key takes over at
   * once, however new it is.
   * @returns the id of the current signing key
   * @throws KeyUnknown
   */
  revoke(kid: string): Promise<string> {
    return this.keys.changeAlone(async (keys) => {
      if (!keys.some((key) => key.kid === kid)) throw new KeyUnknown(kid);
      await this.keys.delete([kid]);
      const successor = await this.signingAmong(keys.filter((key) => key.kid !== kid));
      await this.audit.record({ type: 'signing_key_revoked', ...NOBODY, detail: { kid, successor } });
      return successor;
    });
  }

  /** Encrypts all keys with the first secret. @returns how many had another one @throws SecretMissing */
  rewrap(): Promise<number> {
    return this.keys.changeAlone(async (keys) => {
      const others = keys.filter((key) => !this.seals.isCurrent(key));
      for (const key of others) await this.keys.reseal(key.kid, key.secretId, this.seals.reseal(key));
      return others.length;
    });
  }

  /** Oldest first. */
  list(): Promise<ListedKey[]> {
    return this.keys.findAll();
  }

  private due(keys: readonly StoredKey[]): ReturnType<typeof dueWork> {
    return dueWork(keys, keys[0]?.readAt ?? new Date(0), this.config.signingKeySeconds);
  }

  /** Makes sure that one key signs and another is on standby. @returns the id of the signing key */
  private async signingAmong(keys: readonly StoredKey[]): Promise<string> {
    const signing = signingKey(keys);
    if (!signing) return this.takeOver(keys);
    if (!standbyKey(keys)) await this.insertNew();
    return signing.kid;
  }

  private async recordRotated(kid: string, reason: 'schedule' | 'command'): Promise<string> {
    await this.audit.record({ type: 'signing_key_rotated', ...NOBODY, detail: { kid, reason } });
    return kid;
  }

  private async takeOver(keys: readonly StoredKey[]): Promise<string> {
    const kid = standbyKey(keys)?.kid ?? (await this.insertNew());
    await this.keys.activate(kid);
    await this.insertNew();
    return kid;
  }

  private async insertNew(): Promise<string> {
    const key = this.seals.make();
    await this.keys.insert(key);
    return key.kid;
  }
}
