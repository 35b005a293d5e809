import { Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { EventLog } from '../../platform/log/event-log.js';
import { getText, NoAnswer, type Silence } from '../../platform/http/outgoing.js';
import { isInRange, rangeKeyOf } from './breach-range.value.js';

/**
 * Asks the range API of Have I Been Pwned, or a mirror of it, whether a password is known from a breach. The API gets five
 * hexadecimal digits of a SHA-1, shared by hundreds of thousands of passwords. Padding hides the size of the response.
 */
@Injectable()
export class BreachedPasswords {
  /** A padded range is about 40 KB. The time limit is a property, so that other tests do not depend on it. */
  readonly bounds = { withinMillis: 1_000, maxBytes: 256 * 1024 };
  private away = false;

  constructor(
    private readonly config: Config,
    private readonly log: EventLog,
  ) {}

  /** @returns false also if no server is configured or it does not answer; the offline list applies in any case */
  async has(password: string): Promise<boolean> {
    const url = this.config.pwnedPasswordsUrl;
    if (url === undefined) return false;
    const key = rangeKeyOf(password);
    try {
      const headers = { 'add-padding': 'true', 'user-agent': 'auth-service' };
      const range = await getText(`${url}/${key.prefix}`, { headers, ...this.bounds });
      const found = isInRange(range, key);
      if (found === null) throw new NoAnswer('garbage');
      this.noteAnswer();
      return found;
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      this.noteSilence(error.reason);
      return false;
    }
  }

  private noteAnswer(): void {
    if (this.away) this.log.record('pwned_passwords_back', {});
    this.away = false;
  }

  /** Logs once until there is an answer again, so that many registrations do not flood the log. */
  private noteSilence(reason: Silence): void {
    if (!this.away) this.log.warn('pwned_passwords_away', { reason });
    this.away = true;
  }
}
