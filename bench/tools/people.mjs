import { randomBytes } from 'node:crypto';

let count = 0;

/** @returns {{ email: string, password: string }} someone new, with a password that nobody has guessed */
export function newPerson() {
  count += 1;
  return {
    email: `person-${count}-${randomBytes(4).toString('hex')}@example.com`,
    password: randomBytes(12).toString('hex'),
  };
}

/** @returns {Promise<Response>} */
export function request(/** @type {string} */ url, /** @type {object} */ body) {
  // A page of the same origin: better-auth asks for that.
  const headers = { 'content-type': 'application/json', origin: new URL(url).origin };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** @returns {Promise<Record<string, unknown>>} what was answered, which has to be a 2xx */
export async function post(/** @type {string} */ url, /** @type {object} */ body) {
  const answer = await request(url, body);
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return /** @type {Promise<Record<string, unknown>>} */ (answer.json());
}
