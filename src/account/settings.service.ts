import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { Requests } from '../limits/requests.service.js';
import { Database } from '../platform/database/database.service.js';
import type { Locale } from '../platform/locale.value.js';
import type { User } from '../users/user.entity.js';
import { UsersService } from '../users/users.service.js';

/** Settings that users choose for their own account. */
@Injectable()
export class AccountSettings {
  constructor(
    private readonly users: UsersService,
    private readonly requests: Requests,
    private readonly audit: AuditService,
    private readonly database: Database,
  ) {}

  /**
   * @param locale the language of emails, or null for the default language of the service
   * @returns null if the user is gone or disabled
   * @throws TooManyRequests
   */
  async setLocale(userId: string, locale: Locale | null): Promise<User | null> {
    await this.requests.requireFew('settings', userId);
    return this.database.inTransaction(async () => {
      const before = await this.users.setLocale(userId, locale);
      if (before && before.locale !== locale) {
        const detail = { from: before.locale, to: locale };
        await this.audit.record({ type: 'locale_changed', actorId: userId, subjectId: userId, detail });
      }
      return this.users.findActive(userId);
    });
  }
}
