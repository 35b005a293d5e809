import type { ExecutionContext } from '@nestjs/common';
import { bearerToken, type HttpRequest } from '../core/bearer-token.js';
import type { Principal } from '../core/principal.js';
import { isObject } from '../core/token-format.js';

/** How requests or messages of one kind bring their token, and where the one who sends them is noted. */
interface Transport {
  token(context: ExecutionContext): string | undefined;
  /** An object that stands for this request or message and no other. */
  holder(context: ExecutionContext): object;
}

interface Socket {
  /** Socket.IO's; other sockets have none. */
  handshake?: { auth?: unknown };
}

/** A request, or what graphql-ws knows of the connection that a subscription comes over. */
interface GraphqlRequest extends HttpRequest {
  readonly connectionParams?: unknown;
}

/** What the GraphQL drivers of Nest give resolvers as context: Apollo `req` or `request`, Mercurius `reply`; graphql-ws what it knows. */
interface GraphqlContext extends GraphqlRequest {
  readonly req?: GraphqlRequest;
  readonly request?: GraphqlRequest;
  readonly reply?: { readonly request?: GraphqlRequest };
}

const transports: Readonly<Record<string, Transport>> = {
  http: { token: (context) => bearerToken(httpRequest(context)), holder: httpRequest },
  graphql: { token: graphqlToken, holder: graphqlRequest },
  ws: {
    token: (context) => textIn(socketOf(context).handshake?.auth, 'token') ?? textIn(messageOf(context), 'accessToken'),
    // A socket is shared by its messages, of which two may be under way at once.
    holder: (context) => objectOr(messageOf(context), socketOf(context)),
  },
  rpc: {
    token: (context) => textIn(context.switchToRpc().getData(), 'accessToken'),
    holder: (context) => context.switchToRpc().getContext<object>(),
  },
};

type Handler = ReturnType<ExecutionContext['getHandler']>;

/** By handler, too: a message that is no object is noted on its socket, where a public handler must not find who sent another. */
const principals = new WeakMap<object, WeakMap<Handler, Principal>>();

/** The access token, from where it usually is; undefined when there is none. */
export function usualToken(context: ExecutionContext): string | undefined {
  return transportOf(context).token(context);
}

/** Notes who makes a request; where it is one of HTTP, in `request.user`, where other libraries look. */
export function admit(context: ExecutionContext, principal: Principal): void {
  const holder: { user?: Principal } = transportOf(context).holder(context);
  if (isHttp(context)) {
    holder.user = principal;
    return;
  }
  const byHandler = principals.get(holder) ?? new WeakMap<Handler, Principal>();
  principals.set(holder, byHandler.set(context.getHandler(), principal));
}

/** Who makes a request, as `admit` has noted it. */
export function admitted(context: ExecutionContext): Principal | undefined {
  const holder: { user?: Principal } = transportOf(context).holder(context);
  return isHttp(context) ? holder.user : principals.get(holder)?.get(context.getHandler());
}

function transportOf(context: ExecutionContext): Transport {
  const kind = context.getType<string>();
  const transport = transports[kind];
  if (!transport) throw new Error(`JwtAuthGuard does not know requests of the kind "${kind}".`);
  return transport;
}

function isHttp(context: ExecutionContext): boolean {
  const kind = context.getType<string>();
  return kind === 'http' || kind === 'graphql';
}

function httpRequest(context: ExecutionContext): HttpRequest {
  return context.switchToHttp().getRequest<HttpRequest>();
}

/** Of a subscription, what its client sends when it connects stands for the header: a browser can send none then. */
function graphqlToken(context: ExecutionContext): string | undefined {
  const request = graphqlRequest(context);
  const authorization = textIn(request.connectionParams, 'authorization');
  return bearerToken(authorization === undefined ? request : { headers: { authorization } });
}

function graphqlRequest(context: ExecutionContext): GraphqlRequest {
  const given = context.getArgByIndex<GraphqlContext>(2);
  return given.req ?? given.request ?? given.reply?.request ?? given;
}

function socketOf(context: ExecutionContext): Socket {
  return context.switchToWs().getClient<Socket>();
}

function messageOf(context: ExecutionContext): unknown {
  return context.switchToWs().getData<unknown>();
}

function textIn(value: unknown, name: string): string | undefined {
  const text = isObject(value) ? value[name] : undefined;
  return typeof text === 'string' ? text : undefined;
}

function objectOr(value: unknown, otherwise: object): object {
  return typeof value === 'object' && value !== null ? value : otherwise;
}
