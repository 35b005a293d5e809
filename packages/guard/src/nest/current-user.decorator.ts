import { createParamDecorator, type ExecutionContext, type PipeTransform, type Type } from '@nestjs/common';
import type { Principal } from '../core/principal.js';
import { admitted } from './transports.js';

type Name = keyof Principal;
type Pipe = PipeTransform | Type<PipeTransform>;

/**
 * Gives a handler the `Principal` that the guard has let in, or the property of it that is named: `@CurrentUser('email')`. On a public route
 * there is none, and that is a fault in the app.
 */
export const CurrentUser: (nameOrPipe?: Name | Pipe, ...pipes: Pipe[]) => ParameterDecorator = createParamDecorator(
  (name: Name | undefined, context: ExecutionContext): unknown => {
    const user = admitted(context);
    if (!user) throw new Error('@CurrentUser() stands on a route that JwtAuthGuard does not guard.');
    return name === undefined ? user : user[name];
  },
);
