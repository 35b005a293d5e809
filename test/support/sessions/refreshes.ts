import { connect } from 'node:net';
import { once } from 'node:events';
import type { Answer, Client } from '../http/client.js';
import { until } from '../time/until.js';

export const refresh = (client: Client, refreshToken: unknown): Promise<Answer> =>
  client.post('/auth/refresh', { refreshToken });

/** So many at once, without waiting for any. */
export const times = <Result>(count: number, work: (index: number) => Result): Result[] =>
  Array.from({ length: count }, (_, index) => work(index));

/** The statuses that occur, in order, each once. */
export const statusesOf = (answers: Answer[]): number[] => [...new Set(answers.map(({ status }) => status))].sort();

/** Sends a refresh and never reads the answer. @returns how to die */
export async function sendRefresh(url: string, refreshToken: string): Promise<() => void> {
  const { hostname, port } = new URL(url);
  const body = JSON.stringify({ refreshToken });
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(
    `POST /auth/refresh HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/json\r\n` +
      `content-length: ${body.length}\r\n\r\n${body}`,
  );
  return () => void socket.destroy();
}

/** As for a client whom a busy service asks to come again: the answer that is no 503. */
export const answered = (send: () => Promise<Answer>): Promise<Answer> =>
  until(async () => {
    const answer = await send();
    return answer.status !== 503 && answer;
  }, 30_000);
