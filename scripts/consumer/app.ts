// The app of a team that has just installed the guard. `check-package.mjs` builds and runs it with the packed guard: on CommonJS and
// as an ES module, on each major version of Nest.
import 'reflect-metadata';
import assert from 'node:assert/strict';
import { type AccessTokenVerifier, createVerifier } from '@auth-service/guard/core';
import { AuthGuardModule, CurrentUser, type Principal, Public, Roles } from '@auth-service/guard';
import { TestIssuer } from '@auth-service/guard/testing';
import { Controller, Get, Module } from '@nestjs/common';
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
  me(@CurrentUser() user: Principal): object {
    return { role: user.role };
  }

  @Get('admin')
  @Roles('admin')
  admin(): object {
    return { admin: true };
  }
}

@Module({ imports: [AuthGuardModule.forRoot({ issuer, keys })], controllers: [NotesController] })
class AppModule {}

async function main(): Promise<void> {
  const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
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
  await app.close();

  const verifier: AccessTokenVerifier = createVerifier({ issuer, keys });
  assert.equal((await verifier.verifyAccessToken(keys.signIn({ userId: 'ada' }))).userId, 'ada');
}

void main();
