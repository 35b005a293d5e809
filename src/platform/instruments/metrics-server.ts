import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.js';
import { measureProcess } from './process-metrics.js';

const PATH = '/metrics';
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
/** A scraper uses one connection; a few scrapers and people need no more than this. */
const MOST_CONNECTIONS = 32;
const REQUEST_MS = 5_000;

export interface MetricsServer {
  readonly url: string;
  close(): void;
}

/**
 * Serves the metrics on a separate port, which callers of the service cannot reach. They contain no secrets, ids or emails, but
 * they do show how many people log in.
 * @param port 0: any free port
 */
export async function serveMetrics(
  metrics: Metrics,
  { port, host }: { port: number; host: string },
): Promise<MetricsServer> {
  const endWatch = measureProcess(metrics);
  const limits = { requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS, connectionsCheckingInterval: 1_000 };
  const server = createServer(limits, (request, response) => void answer(metrics, request, response));
  server.maxConnections = MOST_CONNECTIONS;
  server.listen(port, host);
  await once(server, 'listening');
  const { address, family, port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}${PATH}`,
    close: () => {
      endWatch();
      server.close();
      server.closeAllConnections();
    },
  };
}

async function answer(metrics: Metrics, { method, url }: IncomingMessage, response: ServerResponse): Promise<void> {
  if (url !== PATH) return refuse(response, 404);
  if (method !== 'GET' && method !== 'HEAD') return refuse(response, 405);
  const text = await metrics.text();
  response.writeHead(200, { 'content-type': CONTENT_TYPE, 'cache-control': 'no-store' });
  response.end(text); // Node sends no body for HEAD
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { ...(status === 405 && { allow: 'GET, HEAD' }), connection: 'close' }).end();
}
