import { MethodNotAllowedException } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** The path exists, but not for this method (RFC 9110 section 15.5.6). */
class WrongMethod extends MethodNotAllowedException {
  readonly headers: Readonly<Record<string, string>>;

  constructor(allowed: readonly string[]) {
    super();
    this.headers = { allow: allowed.join(', ') };
  }
}

/** Answers 405 instead of 404 if only the method is unknown. Costs nothing for requests that match a route. */
export function refuseWrongMethods(server: FastifyInstance): void {
  const routes: { method: string; segments: string[] }[] = [];
  server.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) routes.push({ method: each, segments: url.split('/') });
  });
  server.addHook('onRequest', (request, _reply, done) => {
    const allowed = request.is404 ? methodsAt(segmentsOf(request)) : [];
    if (allowed.length > 0) throw new WrongMethod([...new Set(allowed)].sort());
    done();
  });
  const methodsAt = (asked: readonly string[]): string[] =>
    routes.filter(({ segments }) => leadsTo(segments, asked)).map(({ method }) => method);
}

function segmentsOf({ url }: FastifyRequest): string[] {
  const [path = ''] = url.split('?');
  return path.split('/');
}

function leadsTo(pattern: readonly string[], asked: readonly string[]): boolean {
  return (
    pattern.length === asked.length &&
    pattern.every((segment, i) => (segment.startsWith(':') ? asked[i] !== '' : segment === asked[i]))
  );
}
