import type { TestDatabase } from '../../support/database/database.js';
import { type Client } from '../../support/http/client.js';
import { logIn, type Person, register, stranger, type Tokens } from '../../support/people/people.js';

export interface Admin extends Tokens {
  userId: string;
  person: Person;
}

/** Somebody with this role from the first token on, made past the service. */
export async function signedInAs(client: Client, database: TestDatabase, role: string): Promise<Admin> {
  const person = stranger();
  const userId = await register(client, person);
  await database.query('UPDATE users SET role = $2 WHERE id = $1', [userId, role]);
  return { ...(await logIn(client, person)), userId, person };
}

export const admin = (client: Client, database: TestDatabase): Promise<Admin> => signedInAs(client, database, 'admin');

/** The newest events about somebody, without those of registering and of logins. */
export async function eventsAbout(database: TestDatabase, userId: string): Promise<unknown[]> {
  return database.query(
    `SELECT type, actor_id, detail FROM audit_events
      WHERE subject_id = $1 AND type NOT IN ('user_registered', 'login_succeeded') ORDER BY created_at, id`,
    [userId],
  );
}
