import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** What came back on a connection, byte for byte as far as text goes. */
export interface RawAnswer {
  text: string;
  status: number;
  body: string;
  closedAfterMs: number;
}

/** Opens a connection, writes what is given as it is, and reads until the server closes it. */
export async function sendRaw(port: number, ...chunks: string[]): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  for (const chunk of chunks) socket.write(chunk, 'latin1');
  return readToEnd(socket);
}

export async function readToEnd(socket: Socket): Promise<RawAnswer> {
  const begun = performance.now();
  let text = '';
  socket.setEncoding('utf8');
  socket.on('data', (data) => (text += String(data)));
  socket.on('error', () => undefined);
  await once(socket, 'close');
  const closedAfterMs = performance.now() - begun;
  return { text, status: Number(text.slice(9, 12)), body: text.slice(text.indexOf('\r\n\r\n') + 4), closedAfterMs };
}
