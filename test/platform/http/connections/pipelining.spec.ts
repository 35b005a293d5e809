import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../../support/time/until.js';
import { readToEnd, sendRaw } from '../support/raw-http.js';
import { held } from '../support/toy.module.js';
import { ToyService } from '../support/toy-service.js';

const HELD = 'GET /held HTTP/1.1\r\nHost: x\r\n\r\n';
const HELLO = 'GET /hello HTTP/1.1\r\nHost: x\r\n\r\n';
const LAST = 'GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';

describe('requests that are sent ahead', () => {
  let toy: ToyService;
  beforeAll(async () => {
    toy = await ToyService.start();
  });
  afterAll(() => toy.stop());

  const send = async (text: string): Promise<Socket> => {
    const socket = connect(toy.port, '127.0.0.1').on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(text);
    return socket;
  };
  const isHeld = (): Promise<unknown> => until(async () => (await toy.fetch('/hello')).ok && held.length > 0);
  const logged = (): Record<string, unknown>[] =>
    toy.log.raw.map((line) => JSON.parse(line) as Record<string, unknown>);
  const release = (): void => held.splice(0).forEach((one) => one.release());

  it('are begun one after another, and answered in their order', async () => {
    const answer = readToEnd(await send(HELD + HELD + LAST));
    for (let turn = 0; turn < 2; turn++) {
      await isHeld();
      expect(held).toHaveLength(1);
      release();
    }
    expect((await answer).text.match(/\{.*\}/g)).toEqual(['{"held":true}', '{"held":true}', '{"hello":"world"}']);
  });

  it('are not begun once their caller is gone, so that every one that was has its line in the log', async () => {
    const lines = (): number => logged().filter(({ route }) => route === '/held').length;
    const before = lines();
    const socket = await send(HELD + HELD + HELD);
    await isHeld();
    socket.destroy();
    await until(async () => lines() > before);
    expect(held).toHaveLength(1);
    release();
    expect((await toy.fetch('/hello')).status).toBe(200);
    expect([lines() - before, held.length]).toEqual([1, 0]);
  });

  it('cut the connection when they are too many, and are not begun', async () => {
    const { text } = await sendRaw(toy.port, HELD + HELLO.repeat(2_000));
    expect(text).toBe('');
    release();
    const cut = logged().filter(({ code }) => code === 'too_many_ahead');
    expect(cut).toMatchObject([{ route: 'unreadable', method: 'GET', status: null }]);
  });

  it('may be as many as 32', async () => {
    const { text } = await sendRaw(toy.port, HELLO.repeat(32) + LAST);
    expect(text.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(33);
  });
});
