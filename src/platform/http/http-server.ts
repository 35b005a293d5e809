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

/** Node looks for late requests at this pace, so one is cut at most this long after its time is up. */
const LATENESS_CHECK_MS = 1_000;
const REQUEST_MS = 10_000;
/** Longer than any work here takes: past it the other side has stopped reading or gone away without a word. */
const SILENCE_MS = 30_000;
/** Longer than the idle time of common balancers (60 s), so that it is they who close and never send into a closing door. */
const KEEP_ALIVE_MS = 72_000;

const BODY_LIMIT = 16 * KIB;

const CONNECTION_LIMITS = {
  keepAliveTimeout: KEEP_ALIVE_MS,
  requestTimeout: REQUEST_MS,
  headersTimeout: REQUEST_MS,
  connectionsCheckingInterval: LATENESS_CHECK_MS,
  maxHeaderSize: 16 * KIB,
  // Node's own answer has no body; requireSoundRequest gives the one shape of all refusals.
  requireHostHeader: false,
};

type Begin = (request: FastifyRequest, reply: FastifyReply) => void;

/** Fastify with its limits, before Nest adds anything: its hooks run first, so that every answer has an id and a log line. */
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
  // Hooks without promises: each one of those is a turn of its own, which the async context of requests makes dearer still.
  server.addHook('onRequest', (request, reply, done) => {
    begin(request, reply);
    warn(request);
    requireSoundRequest(request);
    done();
  });
  server.addHook('onSend', (_request, reply, _payload, done) => {
    // While closing, a connection ends with the answer that is under way on it, and its caller opens the next one elsewhere.
    if (!server.server.listening || isDraining(server.server)) reply.header('connection', 'close');
    reply.headers(rateLimitHeaders(currentRequest()?.quotas ?? []));
    done();
  });
  // After the body has come in: how long that takes is the caller's time, and its events know no context.
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
    // Fastify's 503 while closing would fail requests that can still be served, and has a shape of its own.
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
