import type { IncomingHttpHeaders } from 'node:http';
import {
  type Attributes,
  type Context,
  defaultTextMapGetter,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Span as TelemetrySpan,
  type Tracer,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Logger } from 'pino';
import { ToldExporter } from './told-exporter.js';
import type { Span, SpanAttributes, Tracing } from './tracing.js';

/** How long a shutdown waits for the last spans to be sent. */
const LAST_MILLIS = 1_000;
/** The time for one export, retries included. */
const SEND_MILLIS = 2_500;
const EVERY_MILLIS = 2_000;

export interface TracingSettings {
  /** The base URL of an OTLP/HTTP collector, without `/v1/traces`. */
  endpoint: string;
  serviceName: string;
  /** The share of new traces to record, from 0 to 1. */
  ratio: number;
}

/**
 * Exports traces to a collector as OTLP/HTTP in JSON. Import this module only if there is a collector, because it takes memory.
 */
export function collectTraces({ endpoint, serviceName, ratio }: TracingSettings, logger: Logger): Tracing {
  const url = `${endpoint.replace(/\/$/, '')}/v1/traces`;
  const exporter = new ToldExporter(new OTLPTraceExporter({ url, timeoutMillis: SEND_MILLIS }), logger);
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: EVERY_MILLIS })],
  });
  return new CollectedTracing(provider);
}

class CollectedTracing implements Tracing {
  private readonly propagator = new W3CTraceContextPropagator();
  private readonly tracer: Tracer;

  constructor(private readonly provider: TracerProvider) {
    this.tracer = provider.getTracer('auth-service');
  }

  request(name: string, headers: IncomingHttpHeaders): Span {
    const parent = this.propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
    return this.begin(this.tracer.startSpan(name, { kind: SpanKind.SERVER }, parent));
  }

  work(name: string, attributes: SpanAttributes): Span {
    return this.begin(this.tracer.startSpan(name, { kind: SpanKind.CONSUMER, attributes }, ROOT_CONTEXT));
  }

  async close(): Promise<void> {
    const late = new Promise<void>((resolve) => setTimeout(resolve, LAST_MILLIS).unref());
    await Promise.race([this.provider.shutdown().catch(() => undefined), late]);
  }

  private begin(span: TelemetrySpan): Span {
    return new CollectedSpan(this.tracer, span, trace.setSpan(ROOT_CONTEXT, span));
  }
}

class CollectedSpan implements Span {
  readonly traceId = this.span.spanContext().traceId;

  constructor(
    private readonly tracer: Tracer,
    private readonly span: TelemetrySpan,
    private readonly context: Context,
  ) {}

  child(name: string, attributes: Attributes = {}, at = Date.now()): Span {
    const kind = 'db.system.name' in attributes ? SpanKind.CLIENT : SpanKind.INTERNAL;
    const child = this.tracer.startSpan(name, { kind, attributes, startTime: at }, this.context);
    return new CollectedSpan(this.tracer, child, trace.setSpan(this.context, child));
  }

  add(attributes: SpanAttributes): void {
    this.span.setAttributes(attributes);
  }

  fail(kind: string): void {
    this.span.setAttribute('error.type', kind).setStatus({ code: SpanStatusCode.ERROR });
  }

  end(at?: number): void {
    this.span.end(at);
  }
}
