import type { AddressInfo, Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, type Type, UseGuards } from '@nestjs/common';
import {
  type ClientProxy,
  ClientProxyFactory,
  EventPattern,
  MessagePattern,
  type TcpOptions,
  Transport,
} from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { lastValueFrom } from 'rxjs';
import { AuthGuardModule, CurrentUser, JwtAuthGuard, MaxAge, type Principal, Public, Roles } from '../../src/index.js';
import { closeApps, get, serve } from '../support/apps.js';
import { ISSUER, newKey, NOW_SECONDS, sourceOf, token, tokenWithClaims } from '../support/tokens.js';

const key = newKey();
const tcp: TcpOptions = { transport: Transport.TCP, options: { host: '127.0.0.1', port: 0 } };
const clients: ClientProxy[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => Promise.resolve(client.close() as unknown)));
  await closeApps();
});

@Controller()
class SilentController {
  @Get('mine')
  @MessagePattern('mine')
  mine(): string {
    return 'mine';
  }
}

@Controller()
class SilentEvents {
  @EventPattern('happened')
  happened(data: unknown): unknown {
    return data;
  }
}

@Controller()
class HalfSilentController {
  @MessagePattern('open')
  @Public()
  open(): string {
    return 'open';
  }

  @MessagePattern('mine')
  mine(): string {
    return 'mine';
  }
}

class StricterGuard extends JwtAuthGuard {}

@Controller()
class WrittenController {
  @Get('mine')
  @MessagePattern('mine')
  @UseGuards(JwtAuthGuard)
  mine(@CurrentUser() user: Principal): string {
    return user.userId;
  }

  @MessagePattern('stricter')
  @UseGuards(StricterGuard)
  stricter(): string {
    return 'stricter';
  }

  @MessagePattern('all')
  @Roles('admin')
  all(): string {
    return 'all';
  }

  @MessagePattern('recent')
  @MaxAge(60)
  recent(): string {
    return 'recent';
  }

  @MessagePattern('open')
  @Public()
  open(): string {
    return 'open';
  }
}

@Controller()
@UseGuards(JwtAuthGuard)
class WrittenOnTheClass {
  @MessagePattern('class')
  handle(@CurrentUser() user: Principal): string {
    return user.userId;
  }
}

function moduleWith(controllers: Type[], global = true): Type {
  @Module({
    imports: [
      AuthGuardModule.forRoot({ issuer: ISSUER, keys: sourceOf(key), clock: () => NOW_SECONDS * 1000, global }),
    ],
    controllers,
  })
  class AppModule {}
  return AppModule;
}

describe('an app that serves HTTP and messages', () => {
  it.each([
    ['SilentController.mine', SilentController],
    ['SilentEvents.happened', SilentEvents],
    ['HalfSilentController.mine', HalfSilentController],
  ])('does not start while %s would be open: Nest asks no global guard there', async (name, controller) => {
    const start = serve(moduleWith([WrittenController, controller]));
    await expect(start).rejects.toThrow(`The auth guard cannot start: ${name} handles messages`);
  });

  it('does not start under test either', async () => {
    const testing = await Test.createTestingModule({ imports: [moduleWith([SilentController])] }).compile();
    await expect(testing.createNestApplication().init()).rejects.toThrow('SilentController.mine handles messages');
  });

  it.each([true, false])(
    'is closed where the guard is written, with inheritAppConfig: %s',
    async (inheritAppConfig) => {
      const { app, url } = await serve(moduleWith([WrittenController, WrittenOnTheClass]), 'Express', (hybrid) =>
        hybrid.connectMicroservice<TcpOptions>(tcp, { inheritAppConfig }),
      );
      await app.startAllMicroservices();
      const server = app.getMicroservices()[0]!.unwrap<Server>();
      const { port } = server.address() as AddressInfo;
      const client = ClientProxyFactory.create({ transport: Transport.TCP, options: { host: '127.0.0.1', port } });
      clients.push(client);
      const ask = (pattern: string, accessToken?: string): Promise<unknown> =>
        lastValueFrom(client.send<unknown, unknown>(pattern, { accessToken })).catch((error: unknown) => error);

      for (const pattern of ['mine', 'stricter', 'all', 'recent', 'class']) {
        expect(await ask(pattern)).toMatchObject({ status: 401, code: 'invalid_token' });
      }
      expect(await ask('open')).toBe('open');
      const ada = tokenWithClaims(key, { sub: 'ada', user_id: 'ada' });
      expect([await ask('mine', ada), await ask('class', ada)]).toEqual(['ada', 'ada']);
      expect(await ask('all', ada)).toMatchObject({ code: 'insufficient_role' });
      expect((await get(`${url}/mine`)).status).toBe(401);
    },
  );
});

describe('handlers on which nothing is written', () => {
  it('are no trouble where the guard is not global, as nothing else is closed there', async () => {
    await serve(moduleWith([SilentController], false));
  });

  it('are closed in a microservice of its own, under test as well', async () => {
    const testing = await Test.createTestingModule({ imports: [moduleWith([SilentController])] }).compile();
    const service = testing.createNestMicroservice<TcpOptions>({ ...tcp });
    await service.listen();
    const { port } = service.unwrap<Server>().address() as AddressInfo;
    const client = ClientProxyFactory.create({ transport: Transport.TCP, options: { host: '127.0.0.1', port } });
    clients.push(client);
    const sent = lastValueFrom(client.send<unknown, unknown>('mine', { accessToken: token(newKey(key.kid)) }));
    await expect(sent).rejects.toMatchObject({ code: 'invalid_token' });
    await service.close();
  });
});
