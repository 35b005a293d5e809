import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json, SigningKey } from './tokens.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const METADATA = '/.well-known/oauth-authorization-server';
const JWKS = '/keys';

/** An issuer's key server on the loopback, whose every answer a test may put in place of the right one. */
export class KeyServer {
  readonly asked: string[] = [];
  /** In the place of the right answers; by path, with or without its query. */
  readonly answers: Record<string, Answer> = {};
  keys: Json[] = [];
  metadata: Json = {};
  cacheControl: string | undefined;
  private server: Server | undefined;
  private port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** How often the keys were fetched. */
  get fetches(): number {
    return this.asked.filter((path) => path === JWKS).length;
  }

  /** The same port again after a stop, as a service that comes back. */
  async start(): Promise<this> {
    const server = createServer((request, response) => {
      const path = request.url ?? '';
      this.asked.push(path);
      (this.answers[path] ?? this.answers[path.replace(/\?.*/, '')] ?? this.right(path))(request, response);
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
    return this;
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  publish(...keys: SigningKey[]): void {
    this.keys = keys.map(jwkOf);
  }

  /** Puts an answer in the place of the right one for the keys. */
  answerKeys(answer: Answer): void {
    this.answers[JWKS] = answer;
  }

  answerMetadata(answer: Answer): void {
    this.answers[METADATA] = answer;
  }

  private right(path: string): Answer {
    const metadata = { issuer: this.url, jwks_uri: `${this.url}${JWKS}`, ...this.metadata };
    if (path === METADATA) return json(metadata);
    if (path !== JWKS) return (_request, response) => response.writeHead(404).end();
    return json({ keys: this.keys }, this.cacheControl ? { 'cache-control': this.cacheControl } : {});
  }
}

export function json(body: unknown, headers: Record<string, string> = {}): Answer {
  return (_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

export function jwkOf({ kid, publicKey }: SigningKey): Json {
  return { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'ES256' };
}
