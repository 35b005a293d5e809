import { afterEach, describe, expect, it } from '@jest/globals';
import { type ExecutionContext, type INestApplication, Module } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { WsAdapter } from '@nestjs/platform-ws';
import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import { AuthGuardModule, type AuthGuardOptions, CurrentUser, type Principal, Public, Roles } from '../../src/index.js';
import { closeApps, serve } from '../support/apps.js';
import { ISSUER, newKey, NOW_SECONDS, sourceOf, token, tokenWithClaims } from '../support/tokens.js';

const key = newKey();
const ada = tokenWithClaims(key, { sub: 'ada', user_id: 'ada' });
const bob = tokenWithClaims(key, { sub: 'bob', user_id: 'bob', role: 'admin' });

let now = NOW_SECONDS * 1000;
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const socket of open.splice(0)) socket.close();
  await closeApps();
  now = NOW_SECONDS * 1000;
});

@WebSocketGateway()
class NotesGateway {
  @SubscribeMessage('mine')
  mine(@CurrentUser() user: Principal): object {
    return { event: 'answer', data: user.userId };
  }

  @SubscribeMessage('open')
  @Public()
  open(@MessageBody() body: unknown): object {
    return { event: 'answer', data: body };
  }

  @SubscribeMessage('who')
  @Public()
  who(@CurrentUser() user: Principal): object {
    return { event: 'answer', data: user.userId };
  }

  @SubscribeMessage('all')
  @Roles('admin')
  all(): object {
    return { event: 'answer', data: 'all' };
  }
}

async function serveGateway(
  adapter: (app: INestApplication) => IoAdapter | WsAdapter,
  options: Partial<AuthGuardOptions> = {},
): Promise<string> {
  @Module({
    imports: [AuthGuardModule.forRoot({ issuer: ISSUER, keys: sourceOf(key), clock: () => now, ...options })],
    providers: [NotesGateway],
  })
  class AppModule {}

  return (await serve(AppModule, 'Express', (app) => app.useWebSocketAdapter(adapter(app)))).url;
}

describe('a gateway of Socket.IO', () => {
  async function connect(url: string, auth: object): Promise<Socket> {
    const socket = io(url, { auth, transports: ['websocket'], forceNew: true });
    open.push(socket);
    await new Promise<void>((resolve, reject) => socket.on('connect', resolve).on('connect_error', reject));
    return socket;
  }

  function ask(socket: Socket, event: string, data: unknown = 'text'): Promise<unknown> {
    return new Promise((resolve) => {
      socket.once('answer', resolve).once('exception', resolve);
      socket.emit(event, data);
    });
  }

  const serveIo = (options?: Partial<AuthGuardOptions>): Promise<string> =>
    serveGateway((app) => new IoAdapter(app), options);

  it('knows who is there by the token of the handshake, whatever the message is', async () => {
    const socket = await connect(await serveIo(), { token: ada });
    expect(await ask(socket, 'mine')).toBe('ada');
    expect(await ask(socket, 'mine', { accessToken: bob })).toBe('ada');
    expect(await ask(socket, 'all')).toMatchObject({ code: 'insufficient_role', status: 403 });
  });

  it('refuses messages once the token has expired, on the same socket', async () => {
    const socket = await connect(await serveIo(), { token: ada });
    expect(await ask(socket, 'mine')).toBe('ada');
    now += 700_000;
    expect(await ask(socket, 'mine')).toMatchObject({ code: 'invalid_token', status: 401 });
    expect(await ask(socket, 'open', 'hello')).toBe('hello');
  });

  it('tells a public handler nothing of who sent an earlier message', async () => {
    const socket = await connect(await serveIo(), { token: ada });
    expect(await ask(socket, 'mine')).toBe('ada');
    expect(await ask(socket, 'who')).toMatchObject({ status: 'error', message: 'Internal server error' });
  });

  it.each([{}, { token: 'nonsense' }, { token: [ada] }, { accessToken: ada }])(
    'refuses who comes without a valid token: %#',
    async (auth) => {
      const socket = await connect(await serveIo(), auth);
      expect(await ask(socket, 'mine')).toMatchObject({ code: 'invalid_token', status: 401 });
      expect(await ask(socket, 'open', 'hello')).toBe('hello');
    },
  );

  it('finds the token where the app says', async () => {
    const tokenFrom = (context: ExecutionContext): string | undefined =>
      context.switchToWs().getClient<{ handshake: { query: Record<string, string | undefined> } }>().handshake.query.t;
    const url = await serveIo({ tokenFrom });
    const socket = await connect(`${url}?t=${bob}`, { token: ada });
    expect(await ask(socket, 'mine')).toBe('bob');
  });
});

describe('a gateway of plain WebSockets', () => {
  async function connect(url: string): Promise<WebSocket> {
    const socket = new WebSocket(url.replace('http', 'ws'));
    open.push(socket);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return socket;
  }

  function send(socket: WebSocket, event: string, data: unknown): void {
    socket.send(JSON.stringify({ event, data }));
  }

  async function answers(socket: WebSocket, count: number): Promise<unknown[]> {
    const got: unknown[] = [];
    await new Promise<void>((resolve) => {
      socket.on('message', (message: Buffer) => {
        got.push((JSON.parse(message.toString()) as { data: unknown }).data);
        if (got.length === count) resolve();
      });
    });
    socket.removeAllListeners('message');
    return got;
  }

  async function ask(socket: WebSocket, event: string, data: unknown): Promise<unknown> {
    const answer = answers(socket, 1);
    send(socket, event, data);
    return (await answer)[0];
  }

  const serveWs = (options?: Partial<AuthGuardOptions>): Promise<string> =>
    serveGateway((app) => new WsAdapter(app), options);

  it('knows who is there by the token in each message', async () => {
    const socket = await connect(await serveWs());
    expect(await ask(socket, 'mine', { accessToken: ada })).toBe('ada');
    expect(await ask(socket, 'mine', { accessToken: bob })).toBe('bob');
    expect(await ask(socket, 'all', { accessToken: bob })).toBe('all');
    expect(await ask(socket, 'all', { accessToken: ada })).toMatchObject({ code: 'insufficient_role' });
    expect(await ask(socket, 'open', 'hello')).toBe('hello');
  });

  it.each(['text', {}, { accessToken: 'nonsense' }, { accessToken: token(newKey(key.kid)) }, { token: ada }])(
    'refuses a message without a valid token, with a problem that echoes nothing: %#',
    async (data) => {
      const socket = await connect(await serveWs());
      const answer = await ask(socket, 'mine', data);
      expect(answer).toMatchObject({ code: 'invalid_token', status: 401 });
      expect(JSON.stringify(answer)).not.toContain('ada');
    },
  );

  it.each([7, {}, ['one', 'two']])('refuses what the app takes for a token and is no text: %j', async (found) => {
    const tokenFrom = (): string => found as unknown as string;
    const socket = await connect(await serveWs({ tokenFrom }));
    expect(await ask(socket, 'mine', {})).toMatchObject({ code: 'invalid_token', status: 401 });
  });

  it('takes null for no token, as one takes undefined', async () => {
    const socket = await connect(await serveWs({ tokenFrom: () => null }));
    const answer = await ask(socket, 'mine', {});
    expect(answer).toMatchObject({ detail: 'This request needs an access token in the Authorization header.' });
  });

  it('never takes one message for another, though both are under way at once', async () => {
    const waiting: (() => void)[] = [];
    const find = async (kid: string) => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return sourceOf(key).find(kid);
    };
    const socket = await connect(await serveWs({ keys: { find } }));
    const both = answers(socket, 2);
    send(socket, 'mine', { accessToken: ada });
    send(socket, 'mine', { accessToken: bob });
    while (waiting.length < 2) await new Promise((resolve) => setImmediate(resolve));
    for (const go of waiting) go();
    expect((await both).sort()).toEqual(['ada', 'bob']);
  });
});
