import { applyDecorators } from '@nestjs/common';
import {
  ApiBody,
  ApiCookieAuth,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiSecurity,
} from '@nestjs/swagger';
import { ApiDeviceToken, deviceTokenHeader } from '../devices/device-token.dto.js';
import { TooManyRequests } from '../limits/limits.errors.js';
import { OriginNotAllowed } from '../platform/http/cookies/allowed-origins.js';
import { ApiProblems } from '../platform/http/openapi/api-problems.decorator.js';
import { DATABASE_UNAVAILABLE } from '../platform/http/problems/refused.js';
import { DuplicateCookie } from '../platform/http/cookies/secure-cookie.js';
import { InvalidRefreshToken } from '../sessions/sessions.errors.js';
import { INVALID_EMAIL } from '../users/email-address/email-address.dto.js';
import { LoginRequest, REFRESH_TOKEN_EXAMPLE, RefreshTokenRequest, TokenResponse } from './auth.dto.js';
import { EmailNotVerified, HashQueueFull, InvalidCredentials, NoRefreshToken } from './auth.errors.js';

const login = { email: 'ada@example.com', password: 'correct horse battery staple' };
const loginExamples = {
  app: { summary: 'An app that keeps the refresh token itself', value: login },
  browser: { summary: 'A web page', value: { ...login, transport: 'cookie' } },
};

const setCookie = {
  'Set-Cookie': {
    description: 'Sets or removes the refresh token, if it is kept in the cookie.',
    schema: { type: 'string', maxLength: 4096 },
    example: '__Host-refresh_token=…; Max-Age=604800; Path=/; HttpOnly; Secure; SameSite=Strict',
  },
};

const LOGIN =
  'Returns an access token for the `Authorization` header and a refresh token to get the next pair. With ' +
  '`transport: "cookie"` the refresh token is in a cookie that scripts cannot read, not in the body. A session that the ' +
  'cookie held before is closed.\n\n' +
  'The response also holds a device token, in a second cookie or in `X-Device-Token`. Keep it after the session ends and ' +
  'send it with the next login. Logins from a known device cause no email and are not delayed by wrong guesses from elsewhere.';

const loginHeaders = {
  'Set-Cookie': {
    ...setCookie['Set-Cookie'],
    description: 'The refresh token and the device token, if they are kept in cookies.',
  },
  ...deviceTokenHeader,
};

/** What refresh and logout take: the token in the body, or, from an allowed page, in the cookie. */
function tokenOrCookie(): MethodDecorator {
  const examples = {
    app: { summary: 'The token from the last response', value: { refreshToken: REFRESH_TOKEN_EXAMPLE } },
    browser: { summary: 'The token is in the cookie', value: {} },
  };
  return applyDecorators(
    ApiBody({ type: RefreshTokenRequest, required: false, examples }),
    ApiCookieAuth('refreshCookie'),
    ApiSecurity({}),
    ApiProblems(new NoRefreshToken(), new DuplicateCookie(), new OriginNotAllowed(), DATABASE_UNAVAILABLE),
  );
}

export function ApiLogin(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'login',
      summary: 'Log in',
      description: LOGIN,
    }),
    ApiDeviceToken('The device token from the last login, unless it is in a cookie. An unknown token is ignored.'),
    ApiBody({ type: LoginRequest, examples: loginExamples }),
    ApiOkResponse({ type: TokenResponse, description: 'A new session and its tokens.', headers: loginHeaders }),
    ApiProblems(
      INVALID_EMAIL,
      new InvalidCredentials(),
      new EmailNotVerified(),
      new TooManyRequests(60_000),
      new HashQueueFull(),
      DATABASE_UNAVAILABLE,
    ),
  );
}

export function ApiRefresh(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'refresh',
      summary: 'Refresh the tokens',
      description:
        'Exchanges a refresh token for a new pair of tokens. The same refresh token sent again within a few seconds returns the ' +
        'same new refresh token. Sent again later, it may be stolen, so the session is closed.',
    }),
    tokenOrCookie(),
    ApiOkResponse({ type: TokenResponse, description: 'The new tokens of the session.', headers: setCookie }),
    ApiProblems(new InvalidRefreshToken(), new TooManyRequests(60_000)),
  );
}

export function ApiLogout(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'logout',
      summary: 'Log out',
      description: 'Closes the session of the refresh token. The response is the same for an unknown token.',
    }),
    tokenOrCookie(),
    ApiNoContentResponse({ description: 'The session is closed if the token had one.', headers: setCookie }),
  );
}
