import { applyDecorators } from '@nestjs/common';
import { ApiAcceptedResponse, ApiFoundResponse, ApiNoContentResponse, ApiOperation } from '@nestjs/swagger';
import { HashQueueFull, PasswordRefused } from '../auth/auth.errors.js';
import { COMMON } from '../auth/passwords/password-policy.value.js';
import { ApiDeviceToken, deviceTokenHeader } from '../devices/device-token.dto.js';
import { TooManyRequests } from '../limits/limits.errors.js';
import { InvalidOneTimeToken } from '../one-time-tokens/one-time-tokens.errors.js';
import { ApiProblems } from '../platform/http/openapi/api-problems.decorator.js';
import { DATABASE_UNAVAILABLE } from '../platform/http/problems/refused.js';
import { INVALID_EMAIL } from '../users/email-address.dto.js';

function choosesPassword(description: string): MethodDecorator {
  return applyDecorators(
    ApiDeviceToken('What a login gave this device, where no cookie carries it: it stays known to other accounts.'),
    ApiNoContentResponse({
      description,
      headers: {
        ...deviceTokenHeader,
        'Set-Cookie': {
          description: 'What the device is known by, where the cookie carries it.',
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
      summary: 'Ask for a link to choose a new password',
      description: 'The same answer, in the same time, for every address; a mail goes only to one that has an account.',
    }),
    ApiAcceptedResponse({ description: 'If there is such an account, a mail is on its way.' }),
    ApiProblems(INVALID_EMAIL, new TooManyRequests(60_000), DATABASE_UNAVAILABLE),
  );
}

export function ApiResetPassword(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'resetPassword',
      summary: 'Choose a new password',
      description:
        'With the token of the link that was mailed. It works once, for 30 minutes, and only the newest does; a password ' +
        'that is refused does not use it up. Every session closes, the address counts as confirmed, and the owner gets a mail. The device is known from now on: what strangers ' +
        'guess does not hold up its login.',
    }),
    choosesPassword('The new password counts: log in with it.'),
  );
}

export function ApiAcceptInvitation(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'acceptInvitation',
      summary: 'Choose a password for an account one was invited to',
      description:
        'With the token of the link that was mailed. It works once, for 7 days, and confirms the address. The device is known from now on: what ' +
        'strangers guess does not hold up its login.',
    }),
    choosesPassword('The password counts: log in with it.'),
  );
}

export function ApiChangePasswordPage(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'changePasswordPage',
      summary: 'Where passwords are changed',
      description:
        'Leads to `CHANGE_PASSWORD_URL`: password managers look here (W3C, A Well-Known URL for Changing Passwords).',
    }),
    ApiFoundResponse({
      description: 'To the page.',
      headers: {
        Location: {
          description: 'The page for a new password.',
          schema: { type: 'string', format: 'uri', maxLength: 2048 },
          example: 'https://app.example.com/forgot-password',
        },
      },
    }),
  );
}
