import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Notifications } from '../../platform/database/notifications.js';
import { isDatabaseTrouble } from '../../platform/database/trouble.js';
import { EventLog } from '../../platform/log/event-log.js';
import { RecurringWork } from '../../platform/recurring-work.js';
import { SecretMissing } from '../../platform/secrets/secret-ring.value.js';
import { KeyRotation } from './key-rotation.service.js';
import { KeysService } from '../keys.service.js';
import { SIGNING_KEYS_CHANNEL } from '../signing-keys.repository.js';

/** How often to read the keys even without a notification, which a broken connection would miss. */
const LOOK_EVERY_MILLIS = 5_000;

/** Keeps the keys of this replica up to date with the database, and makes scheduled changes. */
@Injectable()
export class KeyWatch implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly looking = new RecurringWork(LOOK_EVERY_MILLIS, () => this.look());
  /** The latest failure, so that a lasting one is logged only once. */
  private failure = '';

  constructor(
    private readonly keys: KeysService,
    private readonly rotation: KeyRotation,
    private readonly notifications: Notifications,
    private readonly events: EventLog,
  ) {}

  onApplicationBootstrap(): void {
    const look = (): void => this.looking.ask();
    this.notifications.listen(SIGNING_KEYS_CHANNEL, look);
    this.notifications.onReconnect(look);
    this.looking.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.looking.stop();
  }

  private async look(): Promise<void> {
    this.tell(await this.lookOnce().catch(failureOf));
  }

  /** @returns no failure */
  private async lookOnce(): Promise<string> {
    const keys = await this.keys.reload();
    if (this.rotation.isDue(keys)) {
      await this.rotation.keep();
      await this.keys.reload();
    }
    return '';
  }

  private tell(failure: string): void {
    if (failure !== '' && failure !== this.failure) this.events.warn('signing_keys_not_followed', { failure });
    this.failure = failure;
  }
}

/** Names a failure that an operator can fix. Database outages are reported elsewhere and end by themselves. */
function failureOf(error: unknown): string {
  if (isDatabaseTrouble(error)) return '';
  if (error instanceof SecretMissing) return `AUTH_SECRET lacks the secret with the id ${error.secretId}`;
  return error instanceof Error ? error.name : typeof error;
}
