import { must } from './errors.js';

/** What the requests of Node, Express and Fastify have in common; Fastify keeps Node's own under `raw`. */
export interface HttpRequest {
  readonly headers?: { readonly authorization?: string };
  readonly rawHeaders?: readonly string[];
  readonly raw?: { readonly rawHeaders?: readonly string[] };
}

/**
 * The token of `Authorization: Bearer <token>` (RFC 6750 section 2.1), the one place a token may come from. Undefined when there
 * is none, or another scheme.
 *
 * @throws InvalidToken when the header was sent more than once
 */
export function bearerToken(request: HttpRequest): string | undefined {
  // Node keeps the first of several and a proxy may have looked at the last: only the raw list tells.
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

/** By its length first: this is asked of each header of each request. */
function isAuthorization(name = ''): boolean {
  return name.length === 'authorization'.length && name.toLowerCase() === 'authorization';
}
