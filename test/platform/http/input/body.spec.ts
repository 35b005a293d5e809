import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectProblem } from '../support/expect-problem.js';
import { ToyService } from '../support/toy-service.js';

const GOOD = { email: 'a@example.com', password: 'correct horse' };

describe('a body', () => {
  let toy: ToyService;
  beforeAll(async () => {
    toy = await ToyService.start();
  });
  afterAll(() => toy.stop());

  it.each(['application/json', 'Application/JSON; charset=UTF-8', 'application/json;charset="utf-8"'])(
    'is read as %s',
    async (type) => {
      const response = await toy.post('/people', JSON.stringify(GOOD), { 'content-type': type });
      expect(response.status).toBe(201);
    },
  );

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'application/problem+json',
    'application/json; charset=iso-8859-1',
    'application/json; charset=utf-16',
    'application/json; charset=utf-8; charset=utf-16',
    'application/jsonx',
    'nonsense',
  ])('is refused as %s', async (type) => {
    const response = await toy.post('/people', JSON.stringify(GOOD), { 'content-type': type });
    await expectProblem(response, 415, 'unsupported_media_type');
  });

  it('is refused without a content type', async () => {
    const response = await toy.fetch('/people', { method: 'POST', body: new Uint8Array(Buffer.from('{}')) });
    await expectProblem(response, 415, 'unsupported_media_type');
  });

  it('is refused when compressed, before anything is inflated', async () => {
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(8_000_000, ' ')).subarray(0, 8_000));
    await expectProblem(await toy.post('/people', bomb, { 'content-encoding': 'gzip' }), 415, 'unsupported_media_type');
  });

  it('may be missing where the handler needs none', async () => {
    const response = await toy.fetch('/logout', { method: 'POST' });
    expect(await response.json()).toEqual({ body: 'undefined' });
  });

  it('that is missing counts as one without properties where a DTO is expected', async () => {
    const body = await expectProblem(await toy.fetch('/people', { method: 'POST' }), 400, 'validation_failed');
    expect(body.errors?.map(({ field, code }) => [field, code])).toEqual([
      ['email', 'required'],
      ['password', 'required'],
    ]);
  });

  it.each([
    '',
    ' ',
    '"canary"',
    '7',
    'true',
    'null',
    '[]',
    '[{}]',
    '{',
    '{"a":1}x',
    "{'a':1}",
    '{"canary":undefined}',
    'NaN',
  ])('that reads %j is malformed', async (text) => {
    const response = await toy.post('/logout', text);
    const body = await expectProblem(response, 400, 'malformed_body');
    expect(JSON.stringify(body)).not.toContain('canary');
  });

  it('of invalid UTF-8 is malformed', async () => {
    const bytes = new Uint8Array(Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]));
    await expectProblem(await toy.post('/logout', bytes), 400, 'malformed_body');
  });

  it.each(['{"a":"\\ud800"}', '{"a":["x","\\udc00\\ud800"]}', '{"\\udfff":1}', '{"a":{"b":{"\\ud83d":1}}}'])(
    'with a lone surrogate, %s, is malformed',
    async (text) => {
      await expectProblem(await toy.post('/logout', text), 400, 'malformed_body');
    },
  );

  it('with emoji and NUL is sound', async () => {
    expect((await toy.post('/logout', '{"a":"\\ud83d\\ude00😀\\u0000"}')).status).toBe(200);
  });

  it.each(['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString', '__defineGetter__'])(
    'with a property %s at any level is malformed and pollutes nothing',
    async (name) => {
      await expectProblem(await toy.post('/logout', `{"${name}":{"polluted":1}}`), 400, 'malformed_body');
      await expectProblem(await toy.post('/logout', `{"a":[{"${name}":{"polluted":1}}]}`), 400, 'malformed_body');
      const escaped = name.replace('o', '\\u006f');
      await expectProblem(await toy.post('/logout', `{"${escaped}":{"polluted":1}}`), 400, 'malformed_body');
      expect('polluted' in {}).toBe(false);
    },
  );

  it('of 16 levels is sound, of 17 it is not', async () => {
    const nested = (levels: number): string => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
    expect((await toy.post('/logout', nested(16))).status).toBe(200);
    await expectProblem(await toy.post('/logout', nested(17)), 400, 'malformed_body');
  });

  it('of 7,000 levels is refused, also as a field', async () => {
    const deep = `${'['.repeat(7_000)}${']'.repeat(7_000)}`;
    await expectProblem(await toy.post('/people', deep), 400, 'malformed_body');
    await expectProblem(await toy.post('/people', `{"email":${deep},"password":"x"}`), 400, 'malformed_body');
  });

  it('past 16 KiB is too large, told by its length or not', async () => {
    const large = JSON.stringify({ a: 'x'.repeat(17 * 1024) });
    await expectProblem(await toy.post('/logout', large), 413, 'payload_too_large');
    await expectProblem(await toy.post('/logout', '['.repeat(40_000)), 413, 'payload_too_large');
    const stream = new Response(large).body as ReadableStream<Uint8Array>;
    const chunked = { method: 'POST', body: stream, duplex: 'half', headers: { 'content-type': 'application/json' } };
    await expectProblem(await toy.fetch('/logout', chunked as RequestInit), 413, 'payload_too_large');
  });
});
