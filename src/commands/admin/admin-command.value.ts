import { parseEmailAddress } from '../../users/email-address/email-address.value.js';

/** A parsed `admin` command. `email` is in its stored form. */
export interface AdminCommand {
  name: 'create' | 'promote';
  email: string;
}

/** The same before it is checked: `email` is null where something else than an email address was written. */
export type AskedOfAdmins = Omit<AdminCommand, 'email'> & { email: string | null };

/** @param words what follows the program's name @returns null for anything that is not a command */
export function parseAdminCommand(words: readonly string[]): AskedOfAdmins | null {
  const [name, address, ...more] = words;
  if (more.length > 0 || address === undefined || (name !== 'create' && name !== 'promote')) return null;
  return { name, email: parseEmailAddress(address) };
}
