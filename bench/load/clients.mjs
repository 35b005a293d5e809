// Honest clients: each has an account and one session, retries elsewhere what was not answered, and expects to stay signed in.
import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { ask } from '../revocations/requests.mjs';

/** @typedef {import('../revocations/requests.mjs').Answer} Answer */
/** @typedef {import('../revocations/requests.mjs').Person} Person */
/** @typedef {import('../revocations/requests.mjs').Tokens} Tokens */
/** @typedef {import('./replicas.mjs').Replicas} Replicas */
/** @typedef {{ counts: () => Record<string, number>, findings: () => string[], stop: () => Promise<void>, emails: string[], open: string[][], closed: string[] }} Clients */

const CLIENTS = 24;
const THINK_MILLIS = 120;
const RETRY_MILLIS = 100;
/** Longer than any fault here lasts, but shorter than a fault that nobody mends. */
const PATIENCE_MILLIS = 60_000;
/** Of a hundred steps: who does not refresh, log out or register asks who they are. */
const [REFRESHES, LOGOUTS, REGISTRATIONS] = [40, 4, 4];

/** @returns {Promise<Clients>} each signed in */
export async function startClients(/** @type {Replicas} */ replicas) {
  const load = new Load(replicas);
  const clients = Array.from({ length: CLIENTS }, () => new Client(load));
  await Promise.all(clients.map((client) => client.begin()));
  const running = clients.map((client) => client.run());
  return {
    counts: () => Object.fromEntries([...load.counts].sort()),
    findings: () => load.findings,
    stop: async () => {
      load.isOver = true;
      await Promise.all(running);
    },
    emails: load.emails,
    open: clients.map(({ tokens }) => tokens).filter((tokens) => tokens.length > 0),
    closed: load.closed,
  };
}

/** What all clients share: where they go, and what they were told. */
class Load {
  isOver = false;
  /** @type {string[]} */ findings = [];
  /** Of accounts that were acknowledged. @type {string[]} */ emails = [];
  /** The last token of each session whose end was acknowledged. @type {string[]} */ closed = [];
  /** @type {Map<string, number>} */ counts = new Map();
  people = 0;

  constructor(/** @type {Replicas} */ replicas) {
    this.replicas = replicas;
  }

  /** @returns {Person} */
  newPerson() {
    this.people += 1;
    return { email: `person-${this.people}@example.com`, password: 'a password of my own' };
  }

  /**
   * Asks any replica until one answers with other than 503.
   * @param {string} method
   * @param {string} path
   * @param {{ bearer?: string, body?: unknown }} options
   * @param {number[]} due
   * @returns {Promise<{ answer: Answer, tries: number }>}
   */
  async get(method, path, options, due) {
    const deadline = performance.now() + PATIENCE_MILLIS;
    for (let tries = 1; ; tries += 1) {
      const replica = this.replicas[randomInt(this.replicas.length)];
      const answer = await ask(method, `${replica?.url}${path}`, options).catch(() => null);
      this.count(answer ? `${method} ${path} ${answer.status}` : 'not answered');
      if (answer && answer.status !== 503) {
        const isDue = due.includes(answer.status) || (tries > 1 && answer.status === 409);
        if (!isDue) this.findings.push(`${method} ${path} was answered with ${answer.status} at try ${tries}`);
        return { answer, tries };
      }
      if (performance.now() > deadline) throw new Error(`${method} ${path} was not answered for a minute`);
      await wait(RETRY_MILLIS);
    }
  }

  count(/** @type {string} */ what) {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }
}

class Client {
  /** Every refresh token of the open session, the newest last. @type {string[]} */ tokens = [];
  accessToken = '';

  constructor(/** @type {Load} */ load) {
    this.load = load;
    this.person = load.newPerson();
  }

  async begin() {
    await this.register(this.person);
    await this.logIn();
  }

  async run() {
    while (!this.load.isOver) {
      await wait(randomInt(2 * THINK_MILLIS));
      await this.step(randomInt(100)).catch((error) => this.load.findings.push(String(error)));
    }
  }

  async step(/** @type {number} */ dice) {
    if (dice < REFRESHES) return this.refresh();
    if (dice < REFRESHES + LOGOUTS) return this.logOut();
    if (dice < REFRESHES + LOGOUTS + REGISTRATIONS) return this.register(this.load.newPerson());
    await this.load.get('GET', '/users/me', { bearer: this.accessToken }, [200]);
  }

  /** The answer may have been lost, and the account be there: then a retry is told so. */
  async register(/** @type {Person} */ person) {
    await this.load.get('POST', '/auth/register', { body: person }, [201]);
    this.load.emails.push(person.email);
  }

  async logIn() {
    const { answer } = await this.load.get('POST', '/auth/login', { body: this.person }, [200]);
    this.tokens.splice(0);
    this.take(answer);
  }

  async refresh() {
    const refreshToken = this.tokens.at(-1);
    const { answer } = await this.load.get('POST', '/auth/refresh', { body: { refreshToken } }, [200]);
    this.take(answer);
    if (answer.status === 401) await this.logIn(); // a finding already, and one is enough
  }

  async logOut() {
    const refreshToken = this.tokens.at(-1) ?? '';
    await this.load.get('POST', '/auth/logout', { body: { refreshToken } }, [204]);
    this.load.closed.push(refreshToken);
    await this.logIn();
  }

  take(/** @type {Answer} */ { status, body }) {
    if (status !== 200) return;
    this.accessToken = body.accessToken;
    this.tokens.push(body.refreshToken);
  }
}
