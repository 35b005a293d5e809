import { applyDecorators } from '@nestjs/common';
import { ApiAcceptedResponse, ApiFoundResponse, ApiNoContentResponse, ApiOperation } from '@nestjs/swagger';
import { HashQueueFull, PasswordRefused } from '../auth/auth.errors.js';
import { COMMON } from '../auth/passwords/password-policy.value.js';
import { ApiDeviceToken, deviceTokenHeader } from '../devices/device-token.dto.js';
import { TooManyRequests } from '../limits/limits.errors.js';
import { InvalidOneTimeToken } from '../one-time-tokens/one-time-tokens.errors.js';
import { ApiProblems } from '../platform/http/openapi/api-problems.decorator.js';
import { DATABASE_UNAVAILABLE } from '../platform/http/problems/refused.js';
import { INVALID_EMAIL } from '../users/email-address/email-address.dto.js';

function choosesPassword(description: string): MethodDecorator {
  return applyDecorators(
    ApiDeviceToken(
      'The device token from an earlier login, unless it is in a cookie. Other accounts still know the device.',
    ),
    ApiNoContentResponse({
      description,
      headers: {
        ...deviceTokenHeader,
        'Set-Cookie': {
          description: 'The device token, if it is kept in a cookie.',
          schema: { type: 'string', maxLength: 4096 },
          example: '__Host-device_token=…; Max-Age=34560000; Path=/; HttpOnly; Secure; SameSite=Strict',
        },
      },
    }),
    ApiProblems(
      new InvalidOneTimeToken(),
      new PasswordRefused(COMMON),
      new TooManyRequests(60_000),
      new HashQueueFull(),
      DATABASE_UNAVAILABLE,
    ),
  );
}

export function ApiForgotPassword(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'forgotPassword',
      summary: 'Request a link to reset the password',
      description:
        'The response and its timing are the same for every email address. An email is sent only if it has an account.',
    }),
    ApiAcceptedResponse({ description: 'If the account exists, an email is on its way.' }),
    ApiProblems(INVALID_EMAIL, new TooManyRequests(60_000), DATABASE_UNAVAILABLE),
  );
}

export function ApiResetPassword(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'resetPassword',
      summary: 'Reset the password',
      description:
        'Takes the token from the emailed link. The token works once and expires after 30 minutes; a newer one replaces it. A ' +
        'refused password does not use it up. All sessions are closed, the email address is confirmed, and the owner is notified ' +
        'by email. The device becomes a known device: wrong guesses from elsewhere do not delay its logins.',
    }),
    choosesPassword('The password is set. Log in with it.'),
  );
}

export function ApiAcceptInvitation(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'acceptInvitation',
      summary: 'Accept an invitation',
      description:
        'Sets the password of an account you were invited to. Takes the token from the emailed link; it works once, expires after ' +
        '7 days, and confirms the email address. The device becomes a known device: wrong guesses from elsewhere do not delay ' +
        'its logins.',
    }),
    choosesPassword('The password is set. Log in with it.'),
  );
}

export function ApiChangePasswordPage(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'changePasswordPage',
      summary: 'Find the page to change a password',
      description:
        'Redirects to `CHANGE_PASSWORD_URL`. Password managers use this (W3C, A Well-Known URL for Changing Passwords).',
    }),
    ApiFoundResponse({
      description: 'A redirect to the page.',
      headers: {
        Location: {
          description: 'The page to change a password.',
          schema: { type: 'string', format: 'uri', maxLength: 2048 },
          example: 'https://app.example.com/forgot-password',
        },
      },
    }),
  );
}
