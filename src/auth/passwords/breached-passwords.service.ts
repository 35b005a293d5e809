import { Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { EventLog } from '../../platform/log/event-log.js';
import { getText, NoAnswer, type Silence } from '../../platform/http/outgoing.js';
import { isInRange, rangeKeyOf } from './breach-range.value.js';

/**
 * Asks the range API of Have I Been Pwned, or a copy of it, whether a password was found in a breach. It learns five hexadecimal digits of a
 * SHA-1, which hundreds of thousands of passwords share, and with padding nobody learns more from the length of the answer.
 */
@Injectable()
export class BreachedPasswords {
  /** A padded range has about 40 KB. The time is a property, so that a test of anything else need not race it. */
  readonly bounds = { withinMillis: 1_000, maxBytes: 256 * 1024 };
  private away = false;

  constructor(
    private readonly config: Config,
    private readonly log: EventLog,
  ) {}

  /** @returns false as well while nobody is asked, or whoever is gives no answer: the offline list holds all the same */
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

  /** Once, until there is an answer again: a flood of registrations must not be one of lines. */
  private noteSilence(reason: Silence): void {
    if (!this.away) this.log.warn('pwned_passwords_away', { reason });
    this.away = true;
  }
}
