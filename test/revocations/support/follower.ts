import { once } from 'node:events';
import { get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { sessionDigest } from '@auth-service/guard';
import type { Tokens } from '../../support/people/people.js';
import { contentOf } from '../../support/sessions/sessions-seen.js';
import { until } from '../../support/time/until.js';

/** Follows `GET /revocations` of one replica, as a guard does. */
export class Follower {
  readonly entries: { id: number; digest: string }[] = [];
  /** How often it was said that all was sent. */
  currents = 0;
  /** How often it was said that nothing is missing. */
  beats = 0;
  ended = false;
  private text = '';

  private constructor(private readonly response: IncomingMessage) {
    response.setEncoding('utf8').on('data', (text: string) => this.take(text));
    response.on('error', () => undefined).once('close', () => (this.ended = true));
  }

  static async open(url: string, lastId?: number | string): Promise<Follower> {
    const headers = { accept: 'text/event-stream', ...(lastId !== undefined && { 'last-event-id': String(lastId) }) };
    const request = get(`${url}/revocations`, { agent: false, headers });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return new Follower(response);
  }

  get status(): number {
    return this.response.statusCode ?? 0;
  }

  get headers(): IncomingHttpHeaders {
    return this.response.headers;
  }

  get digests(): string[] {
    return this.entries.map(({ digest }) => digest);
  }

  /** Waits until it is told of the sessions of these tokens. @returns how long that took */
  async learns(...tokens: Pick<Tokens, 'refreshToken'>[]): Promise<number> {
    const begun = performance.now();
    const wanted = tokens.map(digestOf);
    await until(async () => wanted.every((digest) => this.digests.includes(digest)));
    return performance.now() - begun;
  }

  async isCurrent(): Promise<this> {
    await until(async () => this.currents > 0);
    return this;
  }

  async end(): Promise<void> {
    await until(async () => this.ended);
  }

  /** No longer reads what comes. */
  stall(): void {
    this.response.pause();
  }

  leave(): void {
    this.response.destroy();
  }

  private take(text: string): void {
    const events = (this.text + text).split('\n\n');
    this.text = events.pop() ?? '';
    for (const event of events) {
      const fields = new Map(event.split('\n').map((line) => line.split(': ', 2) as [string, string]));
      if (event === ':') this.beats += 1;
      else if (fields.get('event') === 'current') this.currents += 1;
      else if (fields.has('id')) this.entries.push({ id: Number(fields.get('id')), digest: fields.get('data') ?? '' });
    }
  }
}

/** What the feed calls the session of a refresh token. */
export function digestOf({ refreshToken }: Pick<Tokens, 'refreshToken'>): string {
  return sessionDigest(contentOf(refreshToken).sessionId);
}
