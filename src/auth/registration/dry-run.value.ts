import { DigestSet } from './digest-set.value.js';
import type { ImportedAccount } from './imported-account.value.js';

/** What an import would have stored so far. It grows by 11 to 22 bytes for each address, and for each id that is given. */
export class DryRun {
  private readonly emails = new DigestSet();
  private readonly ids = new DigestSet();

  add(accounts: readonly ImportedAccount[]): void {
    for (const { email, id } of accounts) {
      this.emails.add(email);
      if (id !== undefined) this.ids.add(id);
    }
  }

  emailsAmong(emails: readonly string[]): string[] {
    return emails.filter((email) => this.emails.has(email));
  }

  idsAmong(ids: readonly string[]): string[] {
    return ids.filter((id) => this.ids.has(id));
  }
}
