import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingHttpHeaders } from 'node:http';

/** Attributes of a span. Never parameters of a statement, URLs or tokens. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** One piece of work in a trace. */
export interface Span {
  /** 32 hexadecimal digits (W3C Trace Context, section 3.2.2.3). */
  readonly traceId: string;
  /** Starts a child span. @param at start time in milliseconds since the Unix epoch; the default is now */
  child(name: string, attributes?: SpanAttributes, at?: number): Span;
  add(attributes: SpanAttributes): void;
  /** Marks the span as failed. @param kind the kind of error */
  fail(kind: string): void;
  /** @param at end time in milliseconds since the Unix epoch; the default is now */
  end(at?: number): void;
}

/** Starts root spans. */
export interface Tracing {
  /** Starts the span of a request, as part of the trace in its headers if there is one. @returns null without a collector */
  request(name: string, headers: IncomingHttpHeaders): Span | null;
  /** Starts the span of background work. @returns null without a collector */
  work(name: string, attributes: SpanAttributes): Span | null;
  /** Sends the remaining spans, within a time limit. */
  close(): Promise<void>;
}

/** Injection token of `Tracing`. */
export const TRACING = Symbol('tracing');

export const NO_TRACING: Tracing = { request: () => null, work: () => null, close: async () => undefined };

const spans = new AsyncLocalStorage<Span>();

/** The current span, if the trace is recorded. */
export function currentSpan(): Span | undefined {
  return spans.getStore();
}

/** Runs `work` with this span as the current one. */
export function inSpan<T>(span: Span | null, work: () => T): T {
  return span ? spans.run(span, work) : work();
}

/** Runs `work` in a child of the current span, if there is one. */
export async function traced<T>(name: string, attributes: SpanAttributes, work: () => Promise<T>): Promise<T> {
  const span = currentSpan()?.child(name, attributes);
  return span ? untilEnd(span, work) : work();
}

/** Runs `work` in the span and ends the span with it. */
export async function untilEnd<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await spans.run(span, work);
  } catch (error) {
    span.fail(error instanceof Error ? error.name : typeof error);
    throw error;
  } finally {
    span.end();
  }
}
