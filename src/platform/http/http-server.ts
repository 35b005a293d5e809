import { createServer } from 'node:http';
import cookie from '@fastify/cookie';
import {
  fastify,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from 'fastify';
import type { Logger } from 'pino';
import type { Instruments } from '../instruments/instruments.js';
import { inSpan } from '../instruments/tracing.js';
import { currentRequest, inRequest } from '../request-context.js';
import { isDraining } from './connections/draining.js';
import type { HttpSettings } from './http-settings.js';
import { acceptOnlyJson } from './input/json-body.js';
import { oneAtATime } from './connections/one-at-a-time.js';
import { answerUnreadable, refuseUnreadable } from './problems/unreadable.js';
import { clientAddress, proxiesIn } from './callers/client-address.js';
import { warnOfForwarding } from './callers/forwarding.js';
import { rateLimitHeaders } from './requests/rate-limit-headers.js';
import { noteRefusal } from './requests/request-outcome.js';
import { RequestWatch } from './requests/request-watch.js';
import { sendProblem } from './problems/send-problem.js';
import { refusedWith } from './problems/status-problems.js';
import { REQUEST_ID_HEADER, requestIdOf } from './requests/request-id.js';
import { requireSoundRequest } from './input/request-shape.js';
import { refuseWrongMethods } from './requests/wrong-method.js';
import { securityHeaders } from './security-headers.js';
import { trackConnections } from './connections/silent-connections.js';
import { cutUnread } from './connections/unread-answers.js';

const KIB = 1024;

/** How often Node checks for late requests, so a request is cut off at most this long after its timeout. */
const LATENESS_CHECK_MS = 1_000;
const REQUEST_MS = 10_000;
/** Longer than any request takes. After it the client has stopped reading or disconnected silently. */
const SILENCE_MS = 30_000;
/**
 * Longer than the idle timeout of common load balancers (60 s), so that the balancer closes first and never sends a request on a
 * connection that is being closed.
 */
const KEEP_ALIVE_MS = 72_000;

const BODY_LIMIT = 16 * KIB;

const CONNECTION_LIMITS = {
  keepAliveTimeout: KEEP_ALIVE_MS,
  requestTimeout: REQUEST_MS,
  headersTimeout: REQUEST_MS,
  connectionsCheckingInterval: LATENESS_CHECK_MS,
  maxHeaderSize: 16 * KIB,
  // Checked by requireSoundRequest instead, because Node's own 400 has no body.
  requireHostHeader: false,
};

type Begin = (request: FastifyRequest, reply: FastifyReply) => void;

/** Creates Fastify with all limits. Its hooks are added before those of Nest, so that every response has an id and a log line. */
export async function createHttpServer(
  settings: HttpSettings,
  logger: Logger,
  instruments: Instruments,
): Promise<FastifyInstance> {
  const watch = new RequestWatch(logger, instruments);
  const always = { 'cache-control': 'no-store', ...securityHeaders(settings) };
  const begin: Begin = (request, reply) => {
    reply.headers(always).header(REQUEST_ID_HEADER, request.id);
    watch.begin(request, reply);
  };
  const server = fastify(serverOptions(settings, watch, begin));
  trackConnections(server.server);
  cutUnread(server.server);
  answerUnreadable(server.server, watch);
  const warn = warnOfForwarding(logger);
  // Callbacks instead of promises: each promise would cost an extra turn of the event loop, which async context makes more
  // expensive still.
  server.addHook('onRequest', (request, reply, done) => {
    begin(request, reply);
    warn(request);
    requireSoundRequest(request);
    done();
  });
  server.addHook('onSend', (_request, reply, _payload, done) => {
    // While draining, each connection ends after its current response, and the caller opens the next one to another replica.
    if (!server.server.listening || isDraining(server.server)) reply.header('connection', 'close');
    reply.headers(rateLimitHeaders(currentRequest()?.quotas ?? []));
    done();
  });
  // After the body has arrived: the client determines how long that takes, and the body's events run outside this context.
  server.addHook('preValidation', (request, _reply, done) =>
    inRequest({ requestId: request.id, ip: clientAddress(request) }, () => inSpan(watch.spanOf(request), done)),
  );
  await server.register(cookie);
  refuseWrongMethods(server);
  acceptOnlyJson(server);
  return server;
}

function serverOptions({ trustedProxies }: HttpSettings, watch: RequestWatch, begin: Begin): FastifyServerOptions {
  return {
    bodyLimit: BODY_LIMIT,
    serverFactory: (serve) => {
      const serveInTurn = oneAtATime(serve, (request) => watch.cut(request));
      return createServer(CONNECTION_LIMITS, serveInTurn).setTimeout(SILENCE_MS);
    },
    trustProxy: trustedProxies.length > 0 && proxiesIn(trustedProxies),
    genReqId: requestIdOf,
    exposeHeadRoutes: false,
    // Fastify's own 503 would refuse requests that can still be served, and is not in our format.
    return503OnClosing: false,
    clientErrorHandler: refuseUnreadable(watch),
    frameworkErrors: (error, request, reply) => {
      begin(request, reply);
      const refused = refusedWith(error.statusCode ?? 400);
      noteRefusal(request, refused, error);
      sendProblem(request, reply, refused);
    },
  };
}
