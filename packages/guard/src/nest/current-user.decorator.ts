import { createParamDecorator, type ExecutionContext, type PipeTransform, type Type } from '@nestjs/common';
import type { Principal } from '../core/principal.js';
import { admitted } from './transports.js';

type Name = keyof Principal;
type Pipe = PipeTransform | Type<PipeTransform>;

/**
 * Injects the `Principal` of the request, or one of its properties: `@CurrentUser('email')`. Throws on a public route, because
 * there is no principal.
 */
export const CurrentUser: (nameOrPipe?: Name | Pipe, ...pipes: Pipe[]) => ParameterDecorator = createParamDecorator(
  (name: Name | undefined, context: ExecutionContext): unknown => {
    const user = admitted(context);
    if (!user) throw new Error('@CurrentUser() is used on a route that JwtAuthGuard does not guard.');
    return name === undefined ? user : user[name];
  },
);
