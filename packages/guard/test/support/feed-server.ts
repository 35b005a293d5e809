import type { IncomingMessage, ServerResponse } from 'node:http';
import { sessionDigest } from '../../src/core.js';
import { json, KeyServer } from './key-server.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** An issuer that tells of closed sessions: as it should, unless a test puts something in the place of its answers. */
export class FeedServer {
  readonly keyServer = new KeyServer();
  /** Of each stream that was asked for, after which entry. */
  readonly lastIds: (string | undefined)[] = [];
  /** Of each list that was asked for, after which entry. */
  readonly since: string[] = [];
  stream: Answer = (_request, response) => this.begin(response, 'retry: 1000\n\n', CURRENT);
  list: Answer = json({ items: [], next: 0 });
  private readonly open = new Set<ServerResponse>();

  get url(): string {
    return this.keyServer.url;
  }

  get streams(): number {
    return this.open.size;
  }

  async start(): Promise<this> {
    await this.keyServer.start();
    this.keyServer.metadata = { revocations_endpoint: `${this.url}/revocations` };
    this.keyServer.answers['/revocations'] = (request, response) => this.answer(request, response);
    return this;
  }

  stop(): Promise<void> {
    return this.keyServer.stop();
  }

  /** Begins a stream with these texts; more can follow. */
  begin(response: ServerResponse, ...texts: string[]): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const text of texts) response.write(text);
    this.open.add(response);
    response.once('close', () => this.open.delete(response));
  }

  /** Says the same to all who follow. */
  say(text: string): void {
    for (const response of this.open) response.write(text);
  }

  cut(): void {
    for (const response of this.open) response.destroy();
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const since = /\?since=(.*)$/.exec(request.url ?? '')?.[1];
    if (since !== undefined) {
      this.since.push(since);
      return this.list(request, response);
    }
    this.lastIds.push(request.headers['last-event-id'] as string | undefined);
    this.stream(request, response);
  }
}

export const CURRENT = 'event: current\ndata: current\n\n';
export const BEAT = ':\n\n';

/** How a stream tells that a session was closed. */
export function closed(id: number, sessionId: string): string {
  return `id: ${id}\ndata: ${sessionDigest(sessionId)}\n\n`;
}

export function refusal(status: number, headers: Record<string, string> = {}): Answer {
  return (_request, response) => response.writeHead(status, headers).end();
}
