// Requests on connections that stay open, and the people who make them.
import { Agent, request } from 'node:http';

/** @typedef {{ status: number, body: any }} Answer */
/** @typedef {{ accessToken: string, refreshToken: string }} Tokens */
/** @typedef {{ email: string, password: string }} Person */

const agent = new Agent({ keepAlive: true, maxSockets: 64 });
let strangers = 0;

/**
 * @param {string} method
 * @param {string} url
 * @param {{ bearer?: string, body?: unknown, agent?: Agent }} [options]
 * @returns {Promise<Answer>}
 */
export function ask(method, url, { bearer, body, agent: own = agent } = {}) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
    ...(text !== undefined && {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(text)),
    }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent: own, headers }, (response) => {
      let answer = '';
      response.setEncoding('utf8').on('data', (part) => (answer += part));
      response.on('error', reject).on('end', () => {
        const isJson = response.headers['content-type']?.includes('json');
        resolve({ status: response.statusCode ?? 0, body: isJson ? JSON.parse(answer) : answer });
      });
    });
    sent.on('error', reject).end(text);
  });
}

/** @returns {Promise<any>} what the answer holds */
export async function expectOk(/** @type {Promise<Answer>} */ asked) {
  const { status, body } = await asked;
  if (status >= 300) throw new Error(`answered with ${status} ${JSON.stringify(body)}`);
  return body;
}

/** @returns {Promise<Person>} somebody new, with an account */
export async function register(/** @type {string} */ service) {
  strangers += 1;
  const person = { email: `stranger-${process.pid}-${strangers}@example.com`, password: 'a password of my own' };
  await expectOk(ask('POST', `${service}/auth/register`, { body: person }));
  return person;
}

/** @returns {Promise<Tokens>} */
export function logIn(/** @type {string} */ service, /** @type {Person} */ person) {
  return expectOk(ask('POST', `${service}/auth/login`, { body: person }));
}
