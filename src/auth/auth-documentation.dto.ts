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
import { INVALID_EMAIL } from '../users/email-address.dto.js';
import { LoginRequest, REFRESH_TOKEN_EXAMPLE, RefreshTokenRequest, TokenResponse } from './auth.dto.js';
import { EmailNotVerified, HashQueueFull, InvalidCredentials, NoRefreshToken } from './auth.errors.js';

const login = { email: 'ada@example.com', password: 'correct horse battery staple' };
const loginExamples = {
  app: { summary: 'An app that keeps the refresh token itself', value: login },
  browser: { summary: 'A page in a browser', value: { ...login, transport: 'cookie' } },
};

const setCookie = {
  'Set-Cookie': {
    description: 'The refresh token, or its removal, where the cookie carries it.',
    schema: { type: 'string', maxLength: 4096 },
    example: '__Host-refresh_token=…; Max-Age=604800; Path=/; HttpOnly; Secure; SameSite=Strict',
  },
};

const LOGIN =
  'Gives an access token for the `Authorization` header and a refresh token for the next pair. With ' +
  '`transport: "cookie"` the refresh token comes in a cookie that no script can read, and not in the body; ' +
  'the session of the cookie that was there before ends.\n\n' +
  'The device is given a token to be known by: in a second cookie, or in `X-Device-Token`. Keep it when the session ends, and ' +
  'send it with the next login: a known device is not mailed about, and not held up by what strangers guess.';

const loginHeaders = {
  'Set-Cookie': {
    ...setCookie['Set-Cookie'],
    description: 'Where the cookie carries it: the refresh token, and what the device is known by.',
  },
  ...deviceTokenHeader,
};

/** What refresh and logout take: the token in the body, or, from an allowed page, in the cookie. */
function tokenOrCookie(): MethodDecorator {
  const examples = {
    app: { summary: 'The token that the last answer gave', value: { refreshToken: REFRESH_TOKEN_EXAMPLE } },
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
    ApiDeviceToken(
      'What the last login gave, where no cookie carries it. One that is not known is no reason to refuse.',
    ),
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
      summary: 'Get the next token pair',
      description:
        'Takes the refresh token and gives its successor. Asked again within a few seconds it gives the same successor; ' +
        'later, the session closes, since the token is in two hands.',
    }),
    tokenOrCookie(),
    ApiOkResponse({ type: TokenResponse, description: 'The next pair of the session.', headers: setCookie }),
    ApiProblems(new InvalidRefreshToken(), new TooManyRequests(60_000)),
  );
}

export function ApiLogout(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'logout',
      summary: 'Log out',
      description: 'Closes the session of the refresh token. An unknown token gets the same answer.',
    }),
    tokenOrCookie(),
    ApiNoContentResponse({ description: 'If the token had a session, it is closed.', headers: setCookie }),
  );
}
