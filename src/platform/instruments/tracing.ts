import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingHttpHeaders } from 'node:http';

/** What is known of a span: words and numbers. Never a parameter of a statement, an address or a token. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** One piece of work in a trace. */
export interface Span {
  /** 32 hexadecimal digits (W3C Trace Context, section 3.2.2.3). */
  readonly traceId: string;
  /** A piece of this work, begun now or at a moment of `Date.now()`. */
  child(name: string, attributes?: SpanAttributes, at?: number): Span;
  add(attributes: SpanAttributes): void;
  /** Says that the work did not succeed, and by which kind of error. */
  fail(kind: string): void;
  /** Now, or at a moment of `Date.now()`. */
  end(at?: number): void;
}

/** Where traces begin. */
export interface Tracing {
  /** A request that came in: it goes on with the trace that its headers name. @returns null when nobody collects traces */
  request(name: string, headers: IncomingHttpHeaders): Span | null;
  /** Work that nobody waits for. @returns null when nobody collects traces */
  work(name: string, attributes: SpanAttributes): Span | null;
  /** Sends what is left, unless that takes too long. */
  close(): Promise<void>;
}

/** Where the platform provides its `Tracing`. */
export const TRACING = Symbol('tracing');

/** Nobody collects traces. */
export const NO_TRACING: Tracing = { request: () => null, work: () => null, close: async () => undefined };

const spans = new AsyncLocalStorage<Span>();

/** The work under way, if its trace is collected. */
export function currentSpan(): Span | undefined {
  return spans.getStore();
}

/** What is traced within `work` belongs to this span. */
export function inSpan<T>(span: Span | null, work: () => T): T {
  return span ? spans.run(span, work) : work();
}

/** A part of the work under way, as a span of its own if its trace is collected. */
export async function traced<T>(name: string, attributes: SpanAttributes, work: () => Promise<T>): Promise<T> {
  const span = currentSpan()?.child(name, attributes);
  return span ? untilEnd(span, work) : work();
}

/** Ends the span with the work. */
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
