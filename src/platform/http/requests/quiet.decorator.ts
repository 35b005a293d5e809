import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';

/** For routes that are polled every few seconds: successful requests are logged at level debug. */
export const Quiet = (): MethodDecorator & ClassDecorator => RouteConfig({ quiet: true });

export function isQuiet({ config }: FastifyRequest['routeOptions']): boolean {
  return 'quiet' in config && config.quiet === true;
}
