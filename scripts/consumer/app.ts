// The app of a team that has just installed the guard. `check-package.mjs` builds and runs it with the packed guard: on CommonJS and
// as an ES module, on each major version of Nest.
import 'reflect-metadata';
import assert from 'node:assert/strict';
import { type AccessTokenVerifier, createVerifier } from '@auth-service/guard/core';
import { AuthGuardModule, CurrentUser, type Principal, Public, Roles } from '@auth-service/guard';
import { TestIssuer } from '@auth-service/guard/testing';
import { ConsoleLogger, Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

const issuer = 'https://auth.example.com';
const keys = new TestIssuer({ issuer });

@Controller()
class NotesController {
  @Get('open')
  @Public()
  open(): object {
    return { open: true };
  }

  @Get('me')
  me(@CurrentUser() user: Principal, @CurrentUser('email') email: string): object {
    return { role: user.role, email };
  }

  @Get('admin')
  @Roles('admin')
  admin(): object {
    return { admin: true };
  }
}

@Module({ imports: [AuthGuardModule.forRoot({ issuer, keys })], controllers: [NotesController] })
class AppModule {}

/** What Nest says from `warn` up; a refusal is nothing to log. */
const said: unknown[] = [];

class Log extends ConsoleLogger {
  override warn(message: unknown): void {
    said.push(message);
  }

  override error(message: unknown): void {
    said.push(message);
  }
}

async function main(): Promise<void> {
  const app = await NestFactory.create(AppModule, { logger: new Log({ logLevels: ['error', 'warn'] }) });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const status = async (path: string, token?: string): Promise<number> => {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return (await fetch(`${url}/${path}`, { headers })).status;
  };
  assert.equal(await status('open'), 200);
  assert.equal(await status('me'), 401);
  assert.equal(await status('me', keys.signIn()), 200);
  assert.equal(await status('me', keys.forgedToken()), 401);
  assert.equal(await status('admin', keys.signIn()), 403);
  assert.equal(await status('admin', keys.signIn({ role: 'admin' })), 200);

  const refused = await fetch(`${url}/me`);
  assert.equal(refused.headers.get('content-type')?.split(';')[0], 'application/problem+json');
  assert.equal(refused.headers.get('www-authenticate'), 'Bearer');
  assert.deepEqual(await refused.json(), {
    type: 'about:blank',
    title: 'Unauthorized',
    status: 401,
    detail: 'This request needs an access token in the Authorization header.',
    code: 'invalid_token',
  });
  assert.deepEqual(said, []);
  await app.close();

  const verifier: AccessTokenVerifier = createVerifier({ issuer, keys });
  assert.equal((await verifier.verifyAccessToken(keys.signIn({ userId: 'ada' }))).userId, 'ada');
}

void main();
