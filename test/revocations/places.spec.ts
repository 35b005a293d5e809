import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '../support/http/client.js';
import { startService, type TestService } from '../support/service/service.js';
import { until } from '../support/time/until.js';

const ASK = 'GET /revocations HTTP/1.1\r\nHost: x\r\n\r\nGET /revocations?since=0 HTTP/1.1\r\nHost: x\r\n\r\n';

describe('The places of those who follow the feed', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService({ settings: { REVOCATION_STREAMS_PER_ADDRESS: '1' } });
  });
  afterAll(() => service.stop());

  it('are given back by who has asked for more ahead, and is gone', async () => {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
    socket.write(ASK);
    await once(socket, 'data');
    socket.destroy();
    const list = () => new Client(service.url).get('/revocations?since=0');
    await expect(until(async () => (await list()).status === 200)).resolves.toBe(true);
  });
});
