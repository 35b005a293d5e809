// The ways in which a session is closed.
import { ask, expectOk } from './requests.mjs';

/** @typedef {import('./requests.mjs').Tokens} Tokens */
/** @typedef {{ service: string, person: import('./requests.mjs').Person, mine: Tokens, other: Tokens }} Closing */

/** Each closes the session `mine`, and resolves when the service has said so. @type {Record<string, (closing: Closing) => Promise<unknown>>} */
export const closes = {
  logout: ({ service, mine }) =>
    expectOk(ask('POST', `${service}/auth/logout`, { body: { refreshToken: mine.refreshToken } })),

  'DELETE /sessions/:id': ({ service, mine, other }) =>
    expectOk(ask('DELETE', `${service}/sessions/${claims(mine).sid}`, { bearer: other.accessToken })),

  'a password change': ({ service, person, other }) => {
    const body = { currentPassword: person.password, newPassword: 'another password of my own' };
    return expectOk(ask('POST', `${service}/users/me/password`, { bearer: other.accessToken, body }));
  },

  'a refresh token that was used before': async ({ service, mine }) => {
    const { status } = await ask('POST', `${service}/auth/refresh`, { body: { refreshToken: mine.refreshToken } });
    if (status !== 401) throw new Error(`a used refresh token was answered with ${status}`);
  },
};

/** What has to be done before the close. @type {Record<string, (closing: Closing) => Promise<unknown>>} */
export const preparations = {
  'a refresh token that was used before': ({ service, mine }) =>
    expectOk(ask('POST', `${service}/auth/refresh`, { body: { refreshToken: mine.refreshToken } })),
};

function claims(/** @type {Tokens} */ { accessToken }) {
  return JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString());
}
