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
  { field: 'locale', code: 'unknown_locale', detail: `One of: ${LOCALES.join(', ')}.` },
]);

/** What is asked of somebody who shows the password once more. */
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
        'Signs out everywhere but here, ends every link that was mailed before, forgets every device but the one that shows its ' +
        'token, and tells the owner by mail.',
    }),
    ApiDeviceToken('What this device was given at its login, where no cookie carries it: it stays known.'),
    ApiNoContentResponse({ description: 'The new password counts from now on.' }),
    asksForPassword(commonPassword, new AccountChangedMeanwhile()),
  );
}

export function ApiChangeEmail(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'changeEmail',
      summary: 'Change my email address',
      description:
        'Nothing changes yet: the new address gets a link that confirms it, the old one a link that undoes the change. The ' +
        'answer is the same whether the new address has an account or not.',
    }),
    ApiAcceptedResponse({ description: 'Mails to both addresses are on their way.' }),
    asksForPassword(new AddressUnchanged()),
  );
}

export function ApiUpdateMe(): MethodDecorator {
  return applyDecorators(
    ApiBearerAuth(),
    ApiOperation({ operationId: 'updateMe', summary: 'Change my settings', description: 'The language of mails.' }),
    ApiOkResponse({ type: UserResponse, description: 'Your account, as it is now.' }),
    ApiProblems(unknownLocale, INVALID_TOKEN, new TooManyRequests(3_600_000), DATABASE_UNAVAILABLE),
  );
}

export function ApiExport(): MethodDecorator {
  return applyDecorators(
    ApiBearerAuth(),
    ApiOperation({
      operationId: 'exportMe',
      summary: 'Everything that is kept about me',
      description:
        'Account, sessions, known devices, pending links and events, as one JSON document. No password hash, no token.',
    }),
    ApiOkResponse({ type: PersonalDataResponse, description: 'What is kept about you, as it is now.' }),
    ApiProblems(INVALID_TOKEN, new TooManyRequests(3_600_000), DATABASE_UNAVAILABLE),
  );
}

export function ApiCloseAccount(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'closeMe',
      summary: 'Close my account',
      description:
        'At once: every session and every link ends, and nobody can log in. Everything about you is erased some days later; ' +
        'until then an administrator can undo it. A mail says so.',
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
        'With the token that was mailed there. It works once, for 24 hours; the old address gets a way back.',
    }),
    ApiNoContentResponse({ description: 'The account has the new address.' }),
    LINK_PROBLEMS,
  );
}

export function ApiUndoEmailChange(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'undoEmailChange',
      summary: 'Undo a change of my email address',
      description:
        'With the token that was mailed to the old address. It works once, for 7 days, before the change and after it, and for as ' +
        'long nobody else gets the old address. Whoever ' +
        'asked for the change knew the password, so that ends, too: every session closes, and a link to choose a new ' +
        'password goes to the old address.',
    }),
    ApiNoContentResponse({ description: 'The account has its old address.' }),
    LINK_PROBLEMS,
  );
}
