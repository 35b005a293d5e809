import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '../support/http/client.js';
import { startService, type TestService } from '../support/service/service.js';
import { until } from '../support/time/until.js';
import { createDatabase, type TestDatabase } from '../support/database/database.js';

/** As a list, more than the buffers of a connection hold: who does not read keeps its answer from ending. */
const ENTRIES = 150_000;
const LIST = 'GET /revocations?since=0 HTTP/1.1\r\nHost: x\r\n\r\n';
const STREAM_AND_LIST = `GET /revocations HTTP/1.1\r\nHost: x\r\n\r\n${LIST}`;

describe('The places of those who follow the feed', () => {
  let database: TestDatabase;
  let service: TestService;
  beforeAll(async () => {
    database = await createDatabase();
    await database.query(
      `INSERT INTO revocations (digest) SELECT sha256(i::text::bytea) FROM generate_series(1, $1::integer) i`,
      [ENTRIES],
    );
    const settings = { REVOCATION_STREAMS_PER_ADDRESS: '1', TRUSTED_PROXIES: '127.0.0.1' };
    service = await startService({ database, settings });
  });
  afterAll(async () => {
    await service.stop();
    await database.drop();
  });

  /** Asks, and reads no more than the first bytes. */
  const ask = async (request: string): Promise<Socket> => {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
    socket.write(request);
    await once(socket, 'data');
    return socket.pause();
  };
  const list = () => new Client(service.url).get('/revocations?since=0');
  const isServedAgain = () => until(async () => (await list()).status === 200);

  it('are bounded for each address also where it asks for lists, and another is given its own', async () => {
    const socket = await ask(LIST);
    const { status, headers, body } = await list();
    expect([status, headers.get('retry-after'), body.code]).toEqual([429, '10', 'too_many_streams']);
    const another = { 'x-forwarded-for': '192.0.2.1' };
    expect((await fetch(`${service.url}/revocations?since=0`, { headers: another })).status).toBe(200);
    socket.destroy();
    await expect(isServedAgain()).resolves.toBe(true);
  });

  it('are given back by who has asked for more ahead, and is gone', async () => {
    const socket = await ask(STREAM_AND_LIST);
    socket.destroy();
    await expect(isServedAgain()).resolves.toBe(true);
  });
});
