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

/** What is known of input that the parser refused. */
export type UnreadableRequest = Pick<RequestEntry, 'requestId' | 'method' | 'status' | 'ip' | 'code'>;

/** Logs, counts and traces every request at its end. */
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
    const ip = clientAddress(request); // read now: a closed socket has no address
    const { routeOptions } = request; // a getter that creates a new object each time
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

  /** For responses that are written without Fastify. */
  idOf(request: IncomingMessage): string | undefined {
    return this.begun.get(request)?.id;
  }

  /** Records a pipelined request beyond the maximum; neither it nor later ones were started. */
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

/** Guards store the principal in `request.user`, where other libraries look, too. */
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
