import { must } from './errors.js';

/** A request of Node, Express or Fastify. Fastify keeps the Node request in `raw`. */
export interface HttpRequest {
  readonly headers?: { readonly authorization?: string };
  readonly rawHeaders?: readonly string[];
  readonly raw?: { readonly rawHeaders?: readonly string[] };
}

/**
 * The token from `Authorization: Bearer <token>` (RFC 6750 section 2.1), the only place a token is read from. Undefined if the
 * header is missing or has another scheme.
 *
 * @throws InvalidToken if the header was sent more than once
 */
export function bearerToken(request: HttpRequest): string | undefined {
  // Node keeps the first of several headers, but a proxy may have read the last. Only the raw list shows them all.
  must(countAuthorization(request) <= 1, 'more than one Authorization header');
  const { authorization } = request.headers ?? {};
  return typeof authorization === 'string' ? /^bearer (.+)$/i.exec(authorization)?.[1] : undefined;
}

function countAuthorization(request: HttpRequest): number {
  const namesAndValues = (request.raw ?? request).rawHeaders ?? [];
  let count = 0;
  for (let i = 0; i < namesAndValues.length; i += 2) {
    if (isAuthorization(namesAndValues[i])) count += 1;
  }
  return count;
}

/** Compares the length first, because this runs for every header of every request. */
function isAuthorization(name = ''): boolean {
  return name.length === 'authorization'.length && name.toLowerCase() === 'authorization';
}
