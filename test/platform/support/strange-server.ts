import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

const servers: Server[] = [];
const sockets: Socket[] = [];

/** Something listens that is no healthy database. @returns its URL */
export async function strangeServer(act: (socket: Socket) => unknown): Promise<string> {
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    act(socket);
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return `postgres://someone:secret@127.0.0.1:${(server.address() as AddressInfo).port}/any`;
}

export function closeStrangeServers(): void {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
}

/** A message of the protocol: its letter, its length, what it says. */
export function message(letter: string, ...content: (string | number)[]): Buffer {
  const body = Buffer.concat(content.map((part) => (typeof part === 'string' ? Buffer.from(part) : fourBytes(part))));
  return Buffer.concat([Buffer.from(letter), fourBytes(body.length + 4), body]);
}

function fourBytes(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(number);
  return bytes;
}

/** Says this to the first that comes, and no more. */
export const answer =
  (bytes: Buffer | string) =>
  (socket: Socket): unknown =>
    socket.once('data', () => socket.write(bytes));

/** Lets anybody in, and then does the same whatever is asked. */
export const answerQueries = (act: (socket: Socket) => void) => (socket: Socket) =>
  socket.once('data', () => {
    socket.write(Buffer.concat([message('R', 0), message('Z', 'I')]));
    socket.on('data', () => act(socket));
  });

/** Would begin TLS, and then does not. */
export function answerThenReset(socket: Socket): void {
  socket.once('data', () => {
    socket.write('S');
    socket.once('data', () => socket.resetAndDestroy());
  });
}
