import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { TestIssuer } from '@auth-service/guard/testing';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { AppModule } from '../src/app.module.js';

const auth = new TestIssuer();
let app: INestApplication;

before(async () => {
  const testing = await auth.trustedBy(Test.createTestingModule({ imports: [AppModule] })).compile();
  app = testing.createNestApplication();
  await app.listen(0, '127.0.0.1');
});
after(() => app.close());

async function statusOf(path: string, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch((await app.getUrl()) + path, { headers })).status;
}

test('everyone who is signed in sees their notes', async () => {
  assert.equal(await statusOf('/notes', auth.signIn()), 200);
  assert.equal(await statusOf('/notes', auth.expiredToken()), 401);
  assert.equal(await statusOf('/notes', auth.forgedToken()), 401);
});

test('only administrators see all notes', async () => {
  assert.equal(await statusOf('/notes/all', auth.signIn({ role: 'admin' })), 200);
  assert.equal(await statusOf('/notes/all', auth.signIn()), 403);
});
