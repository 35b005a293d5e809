import { once } from 'node:events';
import { type AddressInfo, connect, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExecutionContext,
  type INestMicroservice,
  Module,
  type Provider,
} from '@nestjs/common';
import { APP_FILTER, NestFactory } from '@nestjs/core';
import {
  BaseRpcExceptionFilter,
  type ClientProxy,
  ClientProxyFactory,
  EventPattern,
  MessagePattern,
  Payload,
  type TcpOptions,
  Transport,
} from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import {
  AuthGuardModule,
  type AuthGuardOptions,
  CurrentUser,
  MaxAge,
  type Principal,
  Public,
  Roles,
} from '../../src/index.js';
import { ISSUER, newKey, NOW_SECONDS, sourceOf, token, tokenWithClaims } from '../support/tokens.js';

const key = newKey();
const ada = tokenWithClaims(key, { sub: 'ada', user_id: 'ada' });
const bob = tokenWithClaims(key, { sub: 'bob', user_id: 'bob', role: 'admin' });

let service: INestMicroservice | undefined;
let client: ClientProxy | undefined;
afterEach(async () => {
  await client?.close();
  await service?.close();
});

const happened: string[] = [];

@Controller()
class NotesHandlers {
  @MessagePattern('mine')
  mine(@CurrentUser() user: Principal): string {
    return user.userId;
  }

  @MessagePattern('open')
  @Public()
  open(@Payload() data: unknown): unknown {
    return data;
  }

  @MessagePattern('all')
  @Roles('admin')
  all(): string {
    return 'all';
  }

  @EventPattern('happened')
  happened(@CurrentUser('userId') userId: string): void {
    happened.push(userId);
  }

  @MessagePattern('recent')
  @MaxAge(60)
  recent(): string {
    return 'recent';
  }
}

/** Over TCP, as Nest's microservices speak it. */
async function serveTcp(
  options: Partial<AuthGuardOptions> = {},
  providers: Provider[] = [],
): Promise<(pattern: string, data: unknown) => Promise<unknown>> {
  @Module({
    imports: [
      AuthGuardModule.forRoot({ issuer: ISSUER, keys: sourceOf(key), clock: () => NOW_SECONDS * 1000, ...options }),
    ],
    controllers: [NotesHandlers],
    providers,
  })
  class AppModule {}

  const host = '127.0.0.1';
  service = await NestFactory.createMicroservice<TcpOptions>(AppModule, {
    transport: Transport.TCP,
    options: { host, port: 0 },
    logger: false,
  });
  await service.listen();
  const { port } = service.unwrap<Server>().address() as AddressInfo;
  client = ClientProxyFactory.create({ transport: Transport.TCP, options: { host, port } });
  const proxy = client;
  return (pattern, data) => lastValueFrom(proxy.send<unknown, unknown>(pattern, data)).catch((error: unknown) => error);
}

describe('a microservice over TCP', () => {
  it('knows who is there by the token in each message', async () => {
    const ask = await serveTcp();
    expect(await ask('mine', { accessToken: ada })).toBe('ada');
    expect(await ask('mine', { accessToken: bob })).toBe('bob');
    expect(await ask('all', { accessToken: bob })).toBe('all');
    expect(await ask('open', 'hello')).toBe('hello');
  });

  it.each([
    0,
    'text',
    {},
    [ada],
    { accessToken: 'nonsense' },
    { accessToken: [ada] },
    { accessToken: token(newKey(key.kid)) },
  ])('refuses a message without a valid token, with a problem: %#', async (data) => {
    const ask = await serveTcp();
    expect(await ask('mine', data)).toMatchObject({ status: 401, code: 'invalid_token' });
  });

  it('refuses a message of null, which the client of Nest does not send', async () => {
    await serveTcp();
    const socket = connect((service!.unwrap<Server>().address() as AddressInfo).port, '127.0.0.1');
    const sent = JSON.stringify({ pattern: 'mine', data: null, id: '1' });
    socket.write(`${sent.length}#${sent}`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toContain('"code":"invalid_token"');
    socket.destroy();
  });

  it('handles no event without a valid token, and goes on', async () => {
    const ask = await serveTcp();
    for (const data of [0, {}, { accessToken: 'nonsense' }, { accessToken: ada }]) {
      await lastValueFrom(client!.emit<unknown, unknown>('happened', data), { defaultValue: undefined });
    }
    expect(await ask('mine', { accessToken: bob })).toBe('bob');
    expect(happened).toEqual(['ada']);
  });

  it('tells an exception filter of the app why', async () => {
    const caught: unknown[] = [];
    @Catch()
    class Catching extends BaseRpcExceptionFilter {
      override catch(exception: unknown, host: ArgumentsHost): ReturnType<BaseRpcExceptionFilter['catch']> {
        caught.push(exception);
        return super.catch(exception, host);
      }
    }
    const ask = await serveTcp({}, [{ provide: APP_FILTER, useClass: Catching }]);
    expect(await ask('mine', { accessToken: 'nonsense' })).toMatchObject({ code: 'invalid_token' });
    expect(caught).toMatchObject([{ code: 'invalid_token', cause: { reason: 'it has fewer than three parts' } }]);
  });

  it('refuses the wrong role and an old login with their codes', async () => {
    const ask = await serveTcp();
    expect(await ask('all', { accessToken: ada })).toMatchObject({ status: 403, code: 'insufficient_role' });
    expect(await ask('recent', { accessToken: ada })).toMatchObject({ code: 'insufficient_user_authentication' });
  });

  it('says so when the keys are out of reach', async () => {
    const ask = await serveTcp({ keys: { find: () => Promise.reject(new Error('away')) } });
    expect(await ask('mine', { accessToken: ada })).toMatchObject({ status: 503, code: 'keys_unavailable' });
  });

  it('never takes one message for another, though many are under way at once', async () => {
    const ask = await serveTcp();
    const users = Array.from({ length: 20 }, (_, i) => `user-${i}`);
    const sent = users.map((user) => ask('mine', { accessToken: tokenWithClaims(key, { sub: user, user_id: user }) }));
    expect(await Promise.all(sent)).toEqual(users);
  });

  it('finds the token where the app says', async () => {
    const tokenFrom = (context: ExecutionContext): string | undefined =>
      context.switchToRpc().getData<{ t?: string }>().t;
    const ask = await serveTcp({ tokenFrom });
    expect(await ask('mine', { t: ada })).toBe('ada');
    expect(await ask('mine', { accessToken: ada })).toMatchObject({ code: 'invalid_token' });
  });
});
