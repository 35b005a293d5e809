import { v7 as uuidv7 } from 'uuid';
import type { TestDatabase } from '../database/database.js';
import type { Client } from '../http/client.js';
import { logIn, type Person, register, stranger } from './people.js';

export interface Member {
  userId: string;
  /** What they log in with. */
  person: Person;
}

/** Many accounts at once, each with the password of the first: only that one is hashed. */
export async function crowd(client: Client, database: TestDatabase, size: number): Promise<Member[]> {
  const first = stranger();
  const firstId = await register(client, first);
  const members = Array.from({ length: size }, () => ({
    userId: uuidv7(),
    person: { ...stranger(), password: first.password },
  }));
  await database.query(`INSERT INTO users (id, email) SELECT * FROM unnest($1::uuid[], $2::text[])`, [
    members.map(({ userId }) => userId),
    members.map(({ person }) => person.email),
  ]);
  await database.query(
    `INSERT INTO credentials (user_id, hash, scheme, password_key_id)
     SELECT u.id, c.hash, c.scheme, c.password_key_id FROM users u, credentials c
      WHERE u.id = ANY ($1) AND c.user_id = $2`,
    [members.map(({ userId }) => userId), firstId],
  );
  await logIn(client, members[0]!.person); // the way in works, so that a refusal later means something
  await database.query('DELETE FROM sessions WHERE user_id = $1', [members[0]!.userId]);
  return members;
}
