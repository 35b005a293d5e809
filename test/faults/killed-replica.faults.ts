import type { Answer, Client } from '../support/http/client.js';
import { crowd } from '../support/people/crowd.js';
import { logIn } from '../support/people/people.js';
import { refresh } from '../support/sessions/refreshes.js';
import { contentOf, sessionOf } from '../support/sessions/sessions-seen.js';
import { until } from '../support/time/until.js';
import { CHEAP_HASHES, type Fleet, startFleet } from './support/fleet.js';

const CLIENTS = 12;

/** A client as there are many: it goes to any replica, and asks again, elsewhere, when it gets no answer. */
class Rotating {
  readonly tokens: string[];
  lost = 0;

  constructor(
    first: string,
    private readonly replicas: readonly Client[],
    private turn: number,
  ) {
    this.tokens = [first];
  }

  async rotate(): Promise<void> {
    const answer = await until(() => this.ask(), 30_000);
    expect(answer.status).toBe(200);
    this.tokens.push(answer.body.refreshToken as string);
  }

  private async ask(): Promise<Answer | false> {
    this.turn += 1;
    const answer = await refresh(this.replicas[this.turn % this.replicas.length]!, this.tokens.at(-1)).catch(
      () => null,
    );
    if (answer && answer.status !== 503) return answer;
    this.lost += 1;
    return false;
  }
}

describe('kill -9 of a replica in the middle of rotations, then restart', () => {
  let fleet: Fleet;

  beforeAll(async () => {
    fleet = await startFleet({ settings: { ...CHEAP_HASHES, REFRESH_REUSE_SECONDS: '60' } });
  });
  afterAll(() => fleet.stop());

  it('leaves no session with two live tokens, and loses none without an event', async () => {
    const members = await crowd(fleet.next(), fleet.database, CLIENTS);
    const clients = await Promise.all(
      members.map(
        async ({ person }, i) => new Rotating((await logIn(fleet.next(), person)).refreshToken, fleet.all, i),
      ),
    );
    let over = false;
    const rotating = Promise.all(
      clients.map(async (client) => {
        while (!over) await client.rotate();
      }),
    );
    try {
      for (const replica of fleet.replicas) {
        const begun = clients.map(({ tokens }) => tokens.length);
        await until(async () => clients.every(({ tokens }, i) => tokens.length > begun[i]! + 10), 30_000);
        expect(await replica.kill('SIGKILL')).toBe('SIGKILL');
        replica.startAgain();
        await replica.ready();
      }
    } finally {
      over = true;
      await rotating;
    }
    expect(clients.reduce((sum, { lost }) => sum + lost, 0)).toBeGreaterThan(0); // else nobody was hit

    for (const { tokens } of clients) {
      const { generation, nonce, closed_at } = await sessionOf(fleet.database, tokens[0]);
      expect(closed_at).toBeNull();
      expect(contentOf(tokens.at(-1))).toMatchObject({ generation, nonce });
      expect(generation).toBe(tokens.length - 1); // no rotation that nobody was told of
      expect(new Set(tokens).size).toBe(tokens.length);
    }
    expect(await fleet.database.query('SELECT FROM sessions')).toHaveLength(CLIENTS);
    expect(await fleet.database.query(`SELECT FROM audit_events WHERE type = 'refresh_token_reuse'`)).toEqual([]);
    for (const { tokens } of clients) expect((await refresh(fleet.next(), tokens.at(-3))).status).toBe(401);
    expect(await fleet.database.query('SELECT FROM sessions WHERE closed_at IS NULL')).toEqual([]);
  }, 120_000);
});
