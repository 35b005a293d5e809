import { type ExecutionContext, Logger } from '@nestjs/common';
import {
  demand,
  settingsFrom as verifierSettingsFrom,
  type VerifierOptions,
  type VerifierSettings,
} from '../core/verifier.options.js';
import { usualToken } from './transports.js';

/** Whose tokens are accepted, how they are verified, and where they are found. */
export interface AuthGuardOptions extends VerifierOptions {
  /**
   * Where the access token is; undefined or null when there is none. Asked for everything but plain HTTP requests, which carry it in the
   * Authorization header and nowhere else. Default: GraphQL: that header of the request, for subscriptions
   * `authorization` in the `connectionParams`; WebSocket: `auth.token` of Socket.IO's
   * handshake, or else `accessToken` in the message; microservices: `accessToken` in the message.
   */
  tokenFrom?: (context: ExecutionContext) => string | null | undefined;
}

/** The options with every default filled in. */
export interface AuthGuardSettings extends VerifierSettings {
  tokenFrom: (context: ExecutionContext) => string | null | undefined;
}

export const SETTINGS = Symbol('AuthGuardSettings');

/** @throws TypeError naming the option that cannot be used, so that a misconfigured app does not start */
export function settingsFrom(options: AuthGuardOptions): AuthGuardSettings {
  const { tokenFrom = usualToken } = options;
  const onKeyTrouble = options.onKeyTrouble ?? warnThat('The keys of the issuer cannot be fetched');
  const onRevocationTrouble = options.onRevocationTrouble ?? warnThat('The issuer is not heard on closed sessions');
  demand(typeof tokenFrom === 'function', 'tokenFrom', 'a function that gives the token');
  return { ...verifierSettingsFrom({ ...options, onKeyTrouble, onRevocationTrouble }), tokenFrom };
}

function warnThat(what: string): (error: unknown) => void {
  return (error) => {
    const { message, cause } = error as Error;
    const why = cause instanceof Error ? `${message}: ${cause.message}` : message;
    new Logger('AuthGuardModule').warn(`${what}: ${why}`);
  };
}
