import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Principal } from '../core/principal.js';
import { admitted } from './transports.js';

/**
 * Gives a handler the `Principal` that the guard has let in, or the property of it that is named: `@CurrentUser('email')`. On a public route
 * there is none, and that is a fault in the app.
 */
export const CurrentUser = createParamDecorator(
  (name: keyof Principal | undefined, context: ExecutionContext): unknown => {
    const user = admitted(context);
    if (!user) throw new Error('@CurrentUser() stands on a route that JwtAuthGuard does not guard.');
    return name === undefined ? user : user[name];
  },
);
