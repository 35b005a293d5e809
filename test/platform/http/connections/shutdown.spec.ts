import { EventEmitter, once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  closeGracefully,
  onSignals,
  type SignalledProcess,
} from '../../../../src/platform/http/connections/shutdown.js';
import { held } from '../support/toy.module.js';
import { ToyService } from '../support/toy-service.js';

class FakeProcess extends EventEmitter implements SignalledProcess {
  readonly exited = new Promise<number>((resolve) => (this.exit = resolve));
  exit!: (code: number) => void;
}

async function ask(agent: Agent, url: string): Promise<IncomingMessage> {
  const [response] = (await once(get(url, { agent }), 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  return response;
}

async function heldRequest(): Promise<void> {
  while (held.length === 0) await new Promise((resolve) => setImmediate(resolve));
}

describe('a shutdown', () => {
  let toy: ToyService;
  let agent: Agent;
  beforeEach(async () => {
    toy = await ToyService.start();
    agent = new Agent({ keepAlive: true, maxSockets: 1 });
  });
  afterEach(() => agent.destroy());

  it.each(['SIGTERM', 'SIGINT'])(
    'by %s ends with 0 within 2 s though a kept-alive connection is open',
    async (signal) => {
      await ask(agent, toy.url('/hello'));
      const process = new FakeProcess();
      const order: string[] = [];
      onSignals(toy.app, {
        logger: toy.log.logger,
        process,
        afterClose: async () => void order.push(`listening: ${toy.app.getHttpServer().listening}`),
      });
      const begun = performance.now();
      process.emit(signal);
      expect(await process.exited).toBe(0);
      expect(performance.now() - begun).toBeLessThan(2_000);
      expect(order).toEqual(['listening: false']);
    },
  );

  it('answers what is under way, closes that connection, and accepts no new one', async () => {
    const underWay = ask(agent, toy.url('/held'));
    await heldRequest();
    const closed = closeGracefully(toy.app);
    const refused = connect(toy.port, '127.0.0.1');
    const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
    held.splice(0).forEach(({ release }) => release());
    const answer = await underWay;
    expect(answer.statusCode).toBe(200);
    expect(answer.headers.connection).toBe('close');
    await closed;
  });

  it('closes a connection whose answer had begun before, once it is whole', async () => {
    const underWay = ask(agent, toy.url('/streamed'));
    await heldRequest();
    const begun = performance.now();
    const closed = closeGracefully(toy.app);
    held.splice(0).forEach(({ release }) => release());
    expect((await underWay).statusCode).toBe(200);
    await closed;
    expect(performance.now() - begun).toBeLessThan(2_000);
  });

  it('does not wait for a connection that has not asked for anything', async () => {
    const silent = connect(toy.port, '127.0.0.1');
    await once(silent, 'connect');
    await ask(agent, toy.url('/hello'));
    const begun = performance.now();
    await closeGracefully(toy.app);
    expect(performance.now() - begun).toBeLessThan(2_000);
    silent.destroy();
  });

  it('serves a request that arrives on an open connection, so that none is lost', async () => {
    const socket = connect(toy.port, '127.0.0.1');
    let text = '';
    socket.on('data', (data) => (text += String(data)));
    socket.write('GET /held HTTP/1.1\r\nHost: x\r\n\r\n');
    await heldRequest();
    const closed = closeGracefully(toy.app);
    socket.write('GET /hello HTTP/1.1\r\nHost: x\r\n\r\n');
    held.splice(0).forEach(({ release }) => release());
    await Promise.all([closed, once(socket, 'close')]);
    expect(text).toContain('200 OK');
    expect(text).not.toContain('HTTP/1.1 503');
  });

  it('cuts a request that does not end, and is over within 10 s', async () => {
    const cut = ask(agent, toy.url('/held')).catch(() => 'cut');
    await heldRequest();
    const process = new FakeProcess();
    onSignals(toy.app, { logger: toy.log.logger, process });
    const begun = performance.now();
    process.emit('SIGTERM');
    expect(await process.exited).toBe(0);
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(await cut).toBe('cut');
    expect(toy.log.text).toContain('closed connections whose requests took too long');
    held.splice(0).forEach(({ release }) => release());
  });

  it.each(['SIGTERM', 'SIGINT'])('is not cut short by a second %s', async (signal) => {
    const underWay = ask(agent, toy.url('/held'));
    await heldRequest();
    const process = new FakeProcess();
    onSignals(toy.app, { logger: toy.log.logger, process });
    process.emit(signal);
    const heard = process.emit(signal);
    held.splice(0).forEach(({ release }) => release());
    expect((await underWay).statusCode).toBe(200);
    expect(await process.exited).toBe(0);
    expect(heard).toBe(true); // a signal that nobody listens to ends a process
  });

  it('that fails ends with 1', async () => {
    const process = new FakeProcess();
    const afterClose = (): Promise<void> => Promise.reject(new Error('it would not stop'));
    onSignals(toy.app, { logger: toy.log.logger, process, afterClose });
    process.emit('SIGTERM');
    expect(await process.exited).toBe(1);
    expect(toy.log.text).toMatch(/"level":"error".*it would not stop.*"msg":"shutdown failed"/);
  });

  it('that runs into its limit says so', async () => {
    const process = new FakeProcess();
    const afterClose = (): Promise<void> => new Promise(() => undefined);
    onSignals(toy.app, { logger: toy.log.logger, process, afterClose, limitMillis: 300 });
    process.emit('SIGTERM');
    expect(await process.exited).toBe(0);
    expect(toy.log.text).toMatch(/"level":"error".*"msg":"shutdown took too long"/);
  });

  it('by SIGTERM goes on serving for its delay, on connections that it asks to be closed', async () => {
    const process = new FakeProcess();
    onSignals(toy.app, { logger: toy.log.logger, process, delayMillis: 1_000 });
    process.emit('SIGTERM');
    const answer = await ask(agent, toy.url('/hello'));
    expect([answer.statusCode, answer.headers.connection]).toEqual([200, 'close']);
    expect(await process.exited).toBe(0);
    expect(toy.log.text).toMatch(/"msg":"shutting down".*"msg":"shut down"/s);
  });

  it('by SIGINT, which a person sends, does not wait', async () => {
    const process = new FakeProcess();
    onSignals(toy.app, { logger: toy.log.logger, process, delayMillis: 1_000_000 });
    process.emit('SIGINT');
    expect(await process.exited).toBe(0);
  });
});
