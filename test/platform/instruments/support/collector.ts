import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { until } from '../../../support/time/until.js';

/** A span as OTLP's JSON has it. */
export interface SeenSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: Record<string, unknown> }[];
  status: { code?: number };
}

interface Exported {
  resourceSpans: { resource: { attributes: SeenSpan['attributes'] }; scopeSpans: { spans: SeenSpan[] }[] }[];
}

/** Takes traces by OTLP over HTTP, in JSON. */
export class Collector {
  readonly spans: SeenSpan[] = [];
  readonly services = new Set<unknown>();
  private readonly server = createServer((request, response) => {
    void this.take(request).then((status) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}'),
    );
  });

  static async start(): Promise<Collector> {
    const collector = new Collector();
    collector.server.listen(0, '127.0.0.1');
    await once(collector.server, 'listening');
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** All that was sent of a trace, once a span of that name has come. */
  async trace(traceId: string, name: string): Promise<SeenSpan[]> {
    const ofTrace = (): SeenSpan[] => this.spans.filter((span) => span.traceId === traceId);
    await until(async () => ofTrace().some((span) => span.name === name));
    return ofTrace();
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async take(request: IncomingMessage): Promise<number> {
    if (request.url !== '/v1/traces' || request.headers['content-type'] !== 'application/json') return 404;
    for (const { resource, scopeSpans } of ((await json(request)) as Exported).resourceSpans) {
      const service = resource.attributes.find(({ key }) => key === 'service.name');
      this.services.add(service?.value.stringValue);
      this.spans.push(...scopeSpans.flatMap(({ spans }) => spans));
    }
    return 200;
  }
}

export function attribute(span: SeenSpan, name: string): unknown {
  const value = span.attributes.find(({ key }) => key === name)?.value ?? {};
  return Object.values(value)[0];
}
