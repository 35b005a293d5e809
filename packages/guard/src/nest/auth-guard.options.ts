import { type ExecutionContext, Logger } from '@nestjs/common';
import {
  demand,
  settingsFrom as verifierSettingsFrom,
  type VerifierOptions,
  type VerifierSettings,
} from '../core/verifier.options.js';
import { usualToken } from './transports.js';

/** Which tokens are accepted, how they are verified, and where they are read from. */
export interface AuthGuardOptions extends VerifierOptions {
  /**
   * Returns the access token; undefined or null if there is none. Not called for plain HTTP requests, whose token is read only
   * from the Authorization header. Default: GraphQL: the same header, or `authorization` in the `connectionParams` of a
   * subscription. WebSocket: `auth.token` in the Socket.IO handshake, or else `accessToken` in the message. Microservices:
   * `accessToken` in the message.
   */
  tokenFrom?: (context: ExecutionContext) => string | null | undefined;
}

/** The options with all defaults filled in. */
export interface AuthGuardSettings extends VerifierSettings {
  tokenFrom: (context: ExecutionContext) => string | null | undefined;
}

export const SETTINGS = Symbol('AuthGuardSettings');

/** @throws TypeError naming the invalid option, so that a misconfigured app does not start */
export function settingsFrom(options: AuthGuardOptions): AuthGuardSettings {
  const { tokenFrom = usualToken } = options;
  const onKeyTrouble = options.onKeyTrouble ?? warnThat('Cannot fetch the keys of the issuer');
  const onRevocationTrouble =
    options.onRevocationTrouble ?? warnThat('Cannot learn from the issuer which sessions were closed');
  demand(typeof tokenFrom === 'function', 'tokenFrom', 'a function that returns the token');
  return { ...verifierSettingsFrom({ ...options, onKeyTrouble, onRevocationTrouble }), tokenFrom };
}

function warnThat(what: string): (error: unknown) => void {
  return (error) => {
    const { message, cause } = error as Error;
    const why = cause instanceof Error ? `${message}: ${cause.message}` : message;
    new Logger('AuthGuardModule').warn(`${what}: ${why}`);
  };
}
