import { randomBytes } from 'node:crypto';
import { tokenDigest } from '../../../src/one-time-tokens/one-time-token.value.js';
import type { Answer, Client } from '../../support/http/client.js';
import type { Member } from '../../support/people/crowd.js';
import { logIn, signedIn, stranger, type Tokens } from '../../support/people/people.js';
import type { Fleet } from './fleet.js';

/** What has been got ready, so that the end itself is one request. */
type End = (client: Client) => Promise<Answer>;

const NEW_PASSWORD = 'a password of another day';

/** Who may end others' sessions. */
export async function admin(fleet: Fleet): Promise<Tokens> {
  const person = stranger();
  const { userId } = await signedIn(fleet.next(), person);
  await fleet.database.query(`UPDATE users SET role = 'admin' WHERE id = $1`, [userId]);
  return logIn(fleet.next(), person);
}

/** The ways in which every session of somebody ends, by the endpoints that do it. */
export const realEndings: Record<string, (fleet: Fleet, member: Member, admin: Tokens) => Promise<End>> = {
  'a password change': async (fleet, { person }) => {
    const { accessToken: bearer } = await logIn(fleet.next(), person);
    const body = { currentPassword: person.password, newPassword: NEW_PASSWORD };
    return (client) => client.post('/users/me/password', body, { bearer });
  },
  // The mail that brings the token is another row's: here it is put where the service would have noted it.
  'a password reset': async (fleet, { userId }) => {
    const token = randomBytes(32).toString('base64url');
    await fleet.database.query(
      `INSERT INTO one_time_tokens (digest, user_id, purpose, address, bound_email, bound_epoch, expires_at)
       SELECT $2, id, 'reset_password', email, email, session_epoch, now() + interval '10 minutes' FROM users WHERE id = $1`,
      [userId, tokenDigest(token)],
    );
    return (client) => client.post('/auth/reset-password', { token, password: NEW_PASSWORD });
  },
  'a disable': async (_fleet, { userId }, { accessToken: bearer }) => {
    return (client) => client.patch(`/admin/users/${userId}`, { disabled: true }, { bearer });
  },
  'a delete': async (_fleet, { userId }, { accessToken: bearer }) => {
    return (client) => client.delete(`/admin/users/${userId}`, { bearer });
  },
};
