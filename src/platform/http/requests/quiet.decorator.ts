import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';

/** For a route that machines ask every few seconds: while it succeeds, its line in the log is one of `debug`. */
export const Quiet = (): MethodDecorator & ClassDecorator => RouteConfig({ quiet: true });

export function isQuiet({ config }: FastifyRequest['routeOptions']): boolean {
  return 'quiet' in config && config.quiet === true;
}
