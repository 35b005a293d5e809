import { gzipSync } from 'node:zlib';
import type { Answer } from '../../support/http/client.js';
import {
  documentedBodies,
  type Everywhere,
  operationsWithBodies,
  soundBodies,
  startEverywhere,
} from '../support/operations-with-bodies.js';
import { refusal, traces } from '../support/refusals.js';

const JSON_TYPE = 'application/json';
const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

const bodies: [string, string | Uint8Array, [number, string]][] = [
  ['nothing', '', [400, 'malformed_body']],
  ['null', 'null', [400, 'malformed_body']],
  ['an array', '["canary"]', [400, 'malformed_body']],
  ['a string', '"canary"', [400, 'malformed_body']],
  ['a number', '7', [400, 'malformed_body']],
  ['a boolean', 'true', [400, 'malformed_body']],
  ['broken JSON', '{"email":"canary@example.com","password":canary}', [400, 'malformed_body']],
  ['invalid UTF-8', Buffer.from('{"email":"\xff\xfe canary"}', 'latin1'), [400, 'malformed_body']],
  ['UTF-16', Buffer.from('{"email":"canary"}', 'utf16le'), [400, 'malformed_body']],
  ['a lone surrogate in an email', '{"email":"canary\\ud800@example.com"}', [400, 'malformed_body']],
  ['a lone surrogate in a token', '{"token":"canary\\udc00","refreshToken":"\\udc00"}', [400, 'malformed_body']],
  ['a lone surrogate in a name', '{"canary\\ud83d":1}', [400, 'malformed_body']],
  ['a lone surrogate somewhere within', '{"email":{"canary":["\\udfff"]}}', [400, 'malformed_body']],
  ['7,000 levels', nested(7_000), [400, 'malformed_body']],
  ['7,000 levels in a field', `{"email":${nested(7_000)}}`, [400, 'malformed_body']],
  ['40,000 levels', nested(40_000), [413, 'payload_too_large']],
  ['17 KiB', JSON.stringify({ email: 'canary'.padEnd(17 * 1024) }), [413, 'payload_too_large']],
  ['__proto__', '{"__proto__":{"polluted":1,"role":"admin"}}', [400, 'malformed_body']],
  ['a constructor', '{"constructor":{"prototype":{"polluted":1}}}', [400, 'malformed_body']],
  ['__proto__ in a field', '{"email":{"__proto__":{"polluted":1}}}', [400, 'malformed_body']],
];

const types = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'];
/** What some callers would like to set, or what stands in a table; where it may be set, it is no stranger. */
const FOREIGN = [
  ...['id', 'userId', 'role', 'isAdmin', 'emailVerified', 'passwordHash', 'hash'],
  ...['session_epoch', 'sessionEpoch', 'disabledAt', 'createdAt'],
];
const charsets = ['utf-16', 'iso-8859-1', 'utf-7', 'canary'].map((name) => `${JSON_TYPE}; charset=${name}`);

describe('A body', () => {
  let everywhere: Everywhere;

  beforeAll(async () => {
    everywhere = await startEverywhere();
  });
  afterAll(() => everywhere.service.stop());

  /** A refusal that repeats nothing, stores nothing, hashes nothing and pollutes nothing. */
  const refusedWithoutTrace = async (send: () => Promise<Answer>): Promise<unknown> => {
    const before = await traces(everywhere.service);
    const answer = await send();
    expect(answer.text).not.toContain('canary');
    expect(await traces(everywhere.service)).toEqual(before);
    expect('polluted' in {} || 'role' in {}).toBe(false);
    return refusal(answer);
  };

  it('is tried on every operation that takes one', () => {
    expect(operationsWithBodies.toSorted()).toEqual([...documentedBodies.keys()].sort());
  });

  describe.each(operationsWithBodies)('to %s', (operation) => {
    it.each(bodies)('of %s is refused', async (_, body, expected) => {
      expect(await refusedWithoutTrace(() => everywhere.send(operation, body))).toEqual(expected);
    });

    it.each([...types, ...charsets])('as %s is refused', async (type) => {
      const sound = soundBodies[operation]!() as Record<string, string>;
      const body = type.includes('form') ? String(new URLSearchParams(sound)) : JSON.stringify(sound);
      const send = (): Promise<Answer> => everywhere.send(operation, body, { 'content-type': type });
      expect(await refusedWithoutTrace(send)).toEqual([415, 'unsupported_media_type']);
    });

    it('that is compressed is refused, a bomb or not', async () => {
      const bomb = gzipSync(Buffer.alloc(8_000_000, ' '));
      for (const body of [bomb.subarray(0, 8_000), gzipSync(JSON.stringify(soundBodies[operation]!()))]) {
        const send = (): Promise<Answer> => everywhere.send(operation, body, { 'content-encoding': 'gzip' });
        expect(await refusedWithoutTrace(send)).toEqual([415, 'unsupported_media_type']);
      }
    });

    const known = documentedBodies.get(operation)!.map(([name]) => name);

    it.each(FOREIGN.filter((name) => !known.includes(name)))('with %s as well is refused', async (name) => {
      const body = JSON.stringify({ ...soundBodies[operation]!(), [name]: 'canary' });
      const expected = [400, 'validation_failed', `${name} unknown_property`];
      expect(await refusedWithoutTrace(() => everywhere.send(operation, body))).toEqual(expected);
    });
  });
});
