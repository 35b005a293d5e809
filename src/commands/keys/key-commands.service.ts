import { Injectable } from '@nestjs/common';
import { PasswordKeys } from '../../auth/passwords/password-keys.service.js';
import { maySignFrom, removableFrom } from '../../keys/rotation/key-rota.value.js';
import { KeyRotation, type ListedKey } from '../../keys/rotation/key-rotation.service.js';
import { Config } from '../../platform/config/config.js';
import { JobSeals } from '../../platform/jobs/job-seals.js';
import { SecretRing } from '../../platform/secrets/secret-ring.value.js';
import type { KeyCommand } from './key-command.value.js';

/** Runs the `keys` commands and returns the lines to print. Never prints a key. */
@Injectable()
export class KeyCommands {
  constructor(
    private readonly rotation: KeyRotation,
    private readonly passwordKeys: PasswordKeys,
    private readonly jobs: JobSeals,
    private readonly secrets: SecretRing,
    private readonly config: Config,
  ) {}

  /** @throws KeyUnknown, StandbyTooYoung, SecretMissing */
  run(command: KeyCommand): Promise<string[]> {
    switch (command.name) {
      case 'list':
        return this.list();
      case 'rotate':
        return this.rotate();
      case 'revoke':
        return this.revoke(command.kid);
      case 'rewrap':
        return this.rewrap();
    }
  }

  private async list(): Promise<string[]> {
    return (await this.rotation.list()).map((key) => `${key.kid}  ${stateOf(key)}; encrypted with ${key.secretId}`);
  }

  private async rotate(): Promise<string[]> {
    const kid = await this.rotation.rotate();
    return [
      `${kid} is now the signing key, and there is a new standby key. Tokens signed with the previous key stay valid until they expire.`,
    ];
  }

  private async revoke(kid: string): Promise<string[]> {
    const successor = await this.rotation.revoke(kid);
    return [
      `${kid} is revoked. ${successor} is now the signing key.`,
      'This service rejects its tokens within seconds. Other apps do so when they next fetch the keys, within 5 minutes.',
      'Users stay logged in: their next refresh returns a token signed with the new key.',
    ];
  }

  private async rewrap(): Promise<string[]> {
    const signing = await this.rotation.rewrap();
    const passwords = await this.passwordKeys.rewrap();
    const jobs = await this.jobs.rewrap();
    const days = Math.ceil(this.config.refreshTokenSeconds / 86_400);
    return [
      `Encrypted with the secret ${this.secrets.current.id}: signing keys ${signing}, password keys ${passwords}, jobs ${jobs.sealed}.`,
      ...unopened(jobs.left),
      `Keep the other secrets in AUTH_SECRET for REFRESH_TOKEN_SECONDS (${days} days) after this one became the first.`,
      'Until then, there may be refresh tokens that only they can verify.',
    ];
  }
}

function unopened(jobs: number): string[] {
  if (jobs === 0) return [];
  const were = jobs === 1 ? '1 job was' : `${jobs} jobs were`;
  return [
    `${were} encrypted with a secret that is not in AUTH_SECRET. Such a job fails until you add the secret or its retries run out.`,
  ];
}

function stateOf(key: ListedKey): string {
  if (key.retiredAt) return `retired ${text(key.retiredAt)}, removed after ${text(removableFrom(key.retiredAt))}`;
  if (key.activatedAt) return `signing since ${text(key.activatedAt)}`;
  return `standby since ${text(key.createdAt)}, can sign from ${text(maySignFrom(key))}`;
}

/** In seconds. */
function text(at: Date): string {
  return at.toISOString().replace(/\.\d+/, '');
}
