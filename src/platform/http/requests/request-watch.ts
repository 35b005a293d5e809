import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Instruments } from '../../instruments/instruments.js';
import type { Span, Tracing } from '../../instruments/tracing.js';
import { clientAddress } from '../callers/client-address.js';
import { isQuiet } from './quiet.decorator.js';
import { requestIdOf } from './request-id.js';
import { logRequest, type RequestEntry } from './request-log.js';
import { RequestMetrics } from './request-metrics.js';
import { outcomeOf } from './request-outcome.js';
import { userAgentOf } from '../callers/user-agent.js';

/** What never became a request, as far as it is known. */
export type UnreadableRequest = Pick<RequestEntry, 'requestId' | 'method' | 'status' | 'ip' | 'code'>;

/** Sees every request to its end: one line in the log, one count, and a span if traces are collected. */
export class RequestWatch {
  private readonly metrics: RequestMetrics;
  private readonly tracing: Tracing;
  private readonly begun = new WeakMap<object, { id: string; span: Span | null }>();

  constructor(
    private readonly logger: Logger,
    { metrics, tracing }: Instruments,
  ) {
    this.metrics = new RequestMetrics(metrics);
    this.tracing = tracing;
  }

  begin(request: FastifyRequest, reply: FastifyReply): void {
    const begun = performance.now();
    const ip = clientAddress(request); // the socket forgets it
    const { routeOptions } = request; // made anew at each look
    const route = routeOptions.url ?? 'unmatched';
    const span = this.tracing.request(`${request.method} ${route}`, request.headers);
    this.begun.set(request.raw, { id: request.id, span });
    this.metrics.begun();
    reply.raw.once('close', () => {
      const entry = entryOf(request, reply, { ip, route, begun, ...(span && { traceId: span.traceId }) });
      logRequest(this.logger, entry, isQuiet(routeOptions));
      this.metrics.ended(entry);
      if (span) endSpan(span, entry);
    });
  }

  spanOf(request: FastifyRequest): Span | null {
    return this.begun.get(request.raw)?.span ?? null;
  }

  /** For an answer that is not the framework's. */
  idOf(request: IncomingMessage): string | undefined {
    return this.begun.get(request)?.id;
  }

  /** More was sent ahead than is waited for: this one was not begun, nor any after it. */
  cut(request: IncomingMessage): void {
    const [method, ip] = [request.method ?? null, request.socket.remoteAddress ?? null];
    this.unreadable({ requestId: requestIdOf(request), method, status: null, ip, code: 'too_many_ahead' });
  }

  unreadable(known: UnreadableRequest): void {
    const entry = { ...known, route: 'unreadable', durationMs: null, userAgent: null };
    logRequest(this.logger, entry);
    this.metrics.counted(entry);
  }
}

function entryOf(
  request: FastifyRequest,
  { raw }: FastifyReply,
  { ip, route, begun, ...rest }: { ip: string | null; route: string; begun: number; traceId?: string },
): RequestEntry {
  const { status = raw.writableFinished ? raw.statusCode : null, ...outcome } = outcomeOf(request.raw) ?? {};
  const userId = userIdOf(request);
  return {
    requestId: request.id,
    ...rest,
    method: request.method,
    route,
    status,
    durationMs: Math.round((performance.now() - begun) * 10) / 10,
    ip,
    userAgent: userAgentOf(request),
    ...(userId !== undefined && { userId }),
    ...(status === null && { aborted: true }),
    ...outcome,
  };
}

/** A guard notes who makes a request where other libraries look, too. */
function userIdOf(request: FastifyRequest & { user?: unknown }): string | undefined {
  const { user } = request;
  const known = typeof user === 'object' && user !== null && 'userId' in user ? user.userId : undefined;
  return typeof known === 'string' ? known : undefined;
}

function endSpan(span: Span, { requestId, method, route, status, code }: RequestEntry): void {
  span.add({
    'http.request.method': method ?? '_OTHER',
    'http.route': route,
    'request.id': requestId,
    ...(status !== null && { 'http.response.status_code': status }),
  });
  if (status === null || status >= 500) span.fail(code ?? 'aborted');
  span.end();
}
