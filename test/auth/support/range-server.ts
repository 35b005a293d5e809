import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Answer = (response: ServerResponse) => void;

const suffixOf = (password: string): string =>
  createHash('sha1').update(password.normalize('NFC')).digest('hex').toUpperCase().slice(5);

/** A line of another password, as many as are wanted. */
const others = (count: number): string[] =>
  Array.from(
    { length: count },
    (_, i) => `${createHash('sha1').update(String(i)).digest('hex').toUpperCase().slice(5)}:3`,
  );

/** The lines of a range, with so many sightings of the password, among lines of others. */
export function range(password: string, sightings: number, lineEnd = '\r\n'): Answer {
  const lines = [...others(400), `${suffixOf(password)}:${sightings}`, ...others(400)];
  return (response) => response.end(lines.join(lineEnd));
}

export function text(status: number, body: string, headers: Record<string, string> = {}): Answer {
  return (response) => response.writeHead(status, headers).end(body);
}

/** Lines without end. */
export function endless(response: ServerResponse): void {
  const more = (): void => {
    while (response.write(`${others(1_000).join('\r\n')}\r\n`));
  };
  response.on('drain', more);
  more();
}

/** Less than was promised. */
export function half(response: ServerResponse): void {
  response.writeHead(200, { 'content-length': '4000' });
  response.write(`${others(20).join('\r\n')}\r\n`, () => response.destroy());
}

/** A server of ranges of breached passwords, as Have I Been Pwned runs it, on this machine. */
export class RangeServer {
  /** What it was asked. */
  readonly asked: IncomingMessage[] = [];
  answer: Answer = text(200, others(800).join('\r\n'));
  private readonly server = createServer((request, response) => {
    this.asked.push(request);
    this.answer(response);
  });
  private port = 0;

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve));
  }

  /** As the setting names it. */
  get url(): string {
    return `http://127.0.0.1:${this.port}/range/`;
  }
}
