import { Client } from '../../support/http/client.js';
import { freePort } from '../../support/processes/processes.js';
import type { Replica } from './replica.js';
import { startOutsideProgram } from './outside-program.js';

export interface Balancer {
  client: Client;
  stop(): Promise<void>;
}

/**
 * HAProxy in front of replicas, sent where `/health/ready` answers 200. It tries nothing twice: a request that a replica
 * drops is one that the caller sees dropped.
 */
export async function startBalancer(replicas: readonly Replica[]): Promise<Balancer> {
  const port = await freePort();
  const servers = replicas.map((replica, i) => `  server replica${i} 127.0.0.1:${replica.port} check`);
  const config = `
defaults
  mode http
  retries 0
  timeout connect 2s
  timeout client 60s
  timeout server 20s
frontend callers
  bind 127.0.0.1:${port}
  default_backend replicas
backend replicas
  balance roundrobin
  option httpchk GET /health/ready
  http-check send hdr Host localhost
  http-check expect status 200
  default-server inter 250ms fall 2 rise 1
${servers.join('\n')}
`;
  const client = new Client(`http://127.0.0.1:${port}`);
  const running = await startOutsideProgram({
    file: process.env.HAPROXY ?? '/usr/sbin/haproxy',
    args: ['-db', '-f', 'haproxy.cfg'],
    files: { 'haproxy.cfg': config },
    serves: async () => (await client.get('/health/ready')).status === 200,
  });
  return { client, stop: () => running.stop() };
}
