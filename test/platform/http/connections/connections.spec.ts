import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectShape, type ProblemBody } from '../support/expect-problem.js';
import { type RawAnswer, readToEnd, sendRaw } from '../support/raw-http.js';
import { held } from '../support/toy.module.js';
import { ToyService } from '../support/toy-service.js';

const LIMIT_MS = 15_000;
const HOST = 'Host: 127.0.0.1\r\n';
const JSON_POST = `POST /logout HTTP/1.1\r\n${HOST}Content-Type: application/json\r\n`;

function expectRawProblem(answer: RawAnswer, status: number, code: string): void {
  expect(answer.status).toBe(status);
  const head = answer.text.slice(0, answer.text.indexOf('\r\n\r\n')).toLowerCase();
  expect(head).toContain('content-type: application/problem+json; charset=utf-8');
  expect(head).toContain('cache-control: no-store');
  expect(head).toContain('connection: close');
  const body = JSON.parse(answer.body) as ProblemBody;
  expectShape(body, status, code);
  expect(head).toContain(`x-request-id: ${body.requestId}`);
}

describe('a connection', () => {
  let toy: ToyService;
  beforeAll(async () => {
    toy = await ToyService.start();
  });
  afterAll(() => toy.stop());

  it.each([
    ['two lengths', `${JSON_POST}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`],
    ['a length and chunks', `${JSON_POST}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['a space in a header name', `GET /hello HTTP/1.1\r\n${HOST}X Y: 1\r\n\r\n`],
    ['bare line feeds in a header', `GET /hello HTTP/1.1\nHost: x\n\n`],
    ['no HTTP at all', `\x16\x03\x01\x02\x00\x01\r\n\r\n`],
  ])('that sends %s gets 400', async (_what, text) => {
    expectRawProblem(await sendRaw(toy.port, text), 400, 'bad_request');
  });

  it.each([
    ['no host', `GET /hello HTTP/1.1\r\nConnection: close\r\n\r\n`],
    ['two hosts', `GET /hello HTTP/1.1\r\n${HOST}Host: evil.example\r\nConnection: close\r\n\r\n`],
    ['no host for a path that leads nowhere', `GET /nothing HTTP/1.1\r\nConnection: close\r\n\r\n`],
  ])('that names %s gets 400', async (_what, text) => {
    expectRawProblem(await sendRaw(toy.port, text), 400, 'bad_request');
  });

  it('of HTTP/1.0 needs no host', async () => {
    expect((await sendRaw(toy.port, 'GET /hello HTTP/1.0\r\n\r\n')).status).toBe(200);
  });

  it('that sends headers of 17 KiB gets 431', async () => {
    const text = `GET /hello HTTP/1.1\r\n${HOST}X-Large: ${'x'.repeat(17 * 1024)}\r\n\r\n`;
    expectRawProblem(await sendRaw(toy.port, text), 431, 'request_header_fields_too_large');
  });

  it('that wants a tunnel gets 405', async () => {
    expectRawProblem(await sendRaw(toy.port, 'CONNECT other.example:443 HTTP/1.1\r\n\r\n'), 405, 'method_not_allowed');
  });

  it.each(['GET *hello', 'GET hello', 'OPTIONS *'])(
    'that asks for the odd target %s reaches no handler',
    async (target) => {
      const answer = await sendRaw(toy.port, `${target} HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`);
      expect([400, 404]).toContain(answer.status);
      expect(answer.text).toContain('application/problem+json');
    },
  );

  it('that expects something unknown is served all the same', async () => {
    const answer = await sendRaw(toy.port, `GET /hello HTTP/1.1\r\n${HOST}Expect: magic\r\nConnection: close\r\n\r\n`);
    expect(answer.status).toBe(200);
  });

  it('that turns to garbage while an answer is on its way gets no second one into it', async () => {
    const socket = connect(toy.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(`GET /streamed HTTP/1.1\r\n${HOST}\r\n`);
    const answer = readToEnd(socket);
    await once(socket, 'data');
    socket.write('GARBAGE\r\n\r\n');
    const { text } = await answer;
    held.splice(0).forEach(({ release }) => release());
    expect(text).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(text).not.toContain('400');
  });

  it('is unhurt by a caller who goes away while an answer is due', async () => {
    const socket = connect(toy.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(`GET /held HTTP/1.1\r\n${HOST}\r\n`);
    while (held.length === 0) await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    held.splice(0).forEach(({ release }) => release());
    expect((await toy.fetch('/hello')).status).toBe(200);
  });

  describe('that is slow', () => {
    const cases = {
      headers: ['GET /hello HTTP/1.1\r\n', 'X-Slow: 1\r\n'],
      body: [`${JSON_POST}Content-Length: 1000\r\n\r\n{`, ' '],
      chunks: [`${JSON_POST}Transfer-Encoding: chunked\r\n\r\n`, '1\r\n \r\n'],
      silence: ['', ''],
    } as const;

    async function drip(opening: string, drop: string): Promise<RawAnswer> {
      const socket = connect(toy.port, '127.0.0.1');
      await once(socket, 'connect');
      socket.write(opening);
      const dripping = setInterval(() => socket.writable && socket.write(drop), 500);
      return readToEnd(socket).finally(() => clearInterval(dripping));
    }

    /** Asks for more than the buffers of a connection hold, and reads none of it. @returns when it was cut, once it stands */
    async function takeNothing(): Promise<{ afterMs: Promise<number> }> {
      const accepted = once(toy.app.getHttpServer(), 'connection') as Promise<[Socket]>;
      const socket = connect(toy.port, '127.0.0.1').pause();
      const [side] = await accepted;
      const begun = performance.now();
      socket.write(`GET /docs/swagger-ui-bundle.js HTTP/1.1\r\n${HOST}\r\n`.repeat(20));
      const cut = async (): Promise<number> => {
        await once(side, 'close');
        socket.destroy();
        return performance.now() - begun;
      };
      return { afterMs: cut() };
    }

    let answers: Record<keyof typeof cases, RawAnswer>;
    let deafMs: number;
    let others: number[];

    beforeAll(async () => {
      const deaf = await takeNothing();
      const names = Object.keys(cases) as (keyof typeof cases)[];
      const dripping = Promise.all(names.map((name) => drip(cases[name][0], cases[name][1])));
      others = await Promise.all(Array.from({ length: 20 }, async () => (await toy.fetch('/hello')).status));
      deafMs = await deaf.afterMs;
      const all = await dripping;
      answers = Object.fromEntries(names.map((name, i) => [name, all[i]])) as typeof answers;
    }, LIMIT_MS + 5_000);

    it.each(['headers', 'body', 'chunks'] as const)('with its %s is cut with 408 within 15 s', (name) => {
      expectRawProblem(answers[name], 408, 'request_timeout');
      expect(answers[name].closedAfterMs).toBeLessThan(LIMIT_MS);
    });

    it('to say anything at all is cut within 15 s', () => {
      expect(answers.silence.closedAfterMs).toBeLessThan(LIMIT_MS);
    });

    it('to take its answer is cut within 15 s', () => {
      expect(deafMs).toBeLessThan(LIMIT_MS);
    });

    it('does not hurt the others', () => {
      expect(others).toEqual(Array.from({ length: 20 }, () => 200));
    });
  });
});
