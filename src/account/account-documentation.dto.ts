import { applyDecorators } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { AccessDenied, InvalidToken } from '@auth-service/guard';
import { HashQueueFull, PasswordRefused, WrongPassword } from '../auth/auth.errors.js';
import { COMMON } from '../auth/passwords/password-policy.value.js';
import { ApiDeviceToken } from '../devices/device-token.dto.js';
import { TooManyRequests } from '../limits/limits.errors.js';
import { MALFORMED_TOKEN } from '../one-time-tokens/one-time-token.dto.js';
import { InvalidOneTimeToken } from '../one-time-tokens/one-time-tokens.errors.js';
import { ValidationFailed } from '../platform/errors.js';
import { ApiProblems } from '../platform/http/openapi/api-problems.decorator.js';
import { DATABASE_UNAVAILABLE } from '../platform/http/problems/refused.js';
import { LOCALES } from '../platform/locale.value.js';
import { UserResponse } from '../users/users.dto.js';
import { EmailTaken, LastAdmin } from '../users/users.errors.js';
import { AccountChangedMeanwhile, AddressUnchanged } from './account.errors.js';
import { PersonalDataResponse } from './leaving/personal-data.dto.js';

const INVALID_TOKEN = new AccessDenied(new InvalidToken('an example'));
const LINK_PROBLEMS = ApiProblems(
  MALFORMED_TOKEN,
  new InvalidOneTimeToken(),
  new EmailTaken(),
  new TooManyRequests(60_000),
  DATABASE_UNAVAILABLE,
);
const commonPassword = new PasswordRefused({ ...COMMON, field: 'newPassword' });
const unknownLocale = new ValidationFailed([
  { field: 'locale', code: 'unknown_locale', detail: `Must be one of: ${LOCALES.join(', ')}.` },
]);

/** The problems of operations that require the current password. */
function asksForPassword(...problems: Error[]): MethodDecorator {
  return applyDecorators(
    ApiBearerAuth(),
    ApiProblems(
      ...problems,
      INVALID_TOKEN,
      new WrongPassword(),
      new TooManyRequests(60_000),
      new HashQueueFull(),
      DATABASE_UNAVAILABLE,
    ),
  );
}

export function ApiChangePassword(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'changePassword',
      summary: 'Change my password',
      description:
        'Closes all other sessions, invalidates all links emailed before, forgets all devices but the one whose device token is ' +
        'sent, and notifies the owner by email.',
    }),
    ApiDeviceToken('The device token from the login, unless it is in a cookie. The device stays known.'),
    ApiNoContentResponse({ description: 'The password has been changed.' }),
    asksForPassword(commonPassword, new AccountChangedMeanwhile()),
  );
}

export function ApiChangeEmail(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'changeEmail',
      summary: 'Change my email address',
      description:
        'Nothing changes yet. The new email address gets a link to confirm it, the old one a link to undo the change. The ' +
        'response is the same whether the new email address has an account or not.',
    }),
    ApiAcceptedResponse({ description: 'Emails to both addresses are on their way.' }),
    asksForPassword(new AddressUnchanged()),
  );
}

export function ApiUpdateMe(): MethodDecorator {
  return applyDecorators(
    ApiBearerAuth(),
    ApiOperation({
      operationId: 'updateMe',
      summary: 'Change my settings',
      description: 'The language of emails to you.',
    }),
    ApiOkResponse({ type: UserResponse, description: 'Your account.' }),
    ApiProblems(unknownLocale, INVALID_TOKEN, new TooManyRequests(3_600_000), DATABASE_UNAVAILABLE),
  );
}

export function ApiExport(): MethodDecorator {
  return applyDecorators(
    ApiBearerAuth(),
    ApiOperation({
      operationId: 'exportMe',
      summary: 'Export my data',
      description:
        'Account, sessions, known devices, pending links and events as one JSON document, without password hashes or tokens.',
    }),
    ApiOkResponse({ type: PersonalDataResponse, description: 'All data that the service holds about you.' }),
    ApiProblems(INVALID_TOKEN, new TooManyRequests(3_600_000), DATABASE_UNAVAILABLE),
  );
}

export function ApiCloseAccount(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'closeMe',
      summary: 'Close my account',
      description:
        'All sessions and emailed links end at once, and nobody can log in. All data about you is erased after ' +
        '`ACCOUNT_ERASURE_DAYS`; until then an admin can restore the account. You are notified by email.',
    }),
    ApiNoContentResponse({ description: 'The account is closed.' }),
    asksForPassword(new AccountChangedMeanwhile(), new LastAdmin()),
  );
}

export function ApiConfirmEmailChange(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'confirmEmailChange',
      summary: 'Confirm a new email address',
      description:
        'Takes the token emailed to the new address. The token works once and expires after 24 hours. The old address gets a link to undo the change.',
    }),
    ApiNoContentResponse({ description: 'The account has the new email address.' }),
    LINK_PROBLEMS,
  );
}

export function ApiUndoEmailChange(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'undoEmailChange',
      summary: 'Undo a change of my email address',
      description:
        'Takes the token emailed to the old address. The token works once and expires after 7 days; it works both before and after ' +
        'the change. Until it expires, nobody else can take the old address. Whoever requested the change knew the password, so ' +
        'all sessions are closed, and a link to choose a new password is emailed to the old address.',
    }),
    ApiNoContentResponse({ description: 'The account has its old email address.' }),
    LINK_PROBLEMS,
  );
}
