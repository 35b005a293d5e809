import { applyDecorators } from '@nestjs/common';
import { ApiAcceptedResponse, ApiCreatedResponse, ApiHeader, ApiOperation } from '@nestjs/swagger';
import { TooManyRequests } from '../../limits/limits.errors.js';
import { ApiProblems } from '../../platform/http/openapi/api-problems.decorator.js';
import { DATABASE_UNAVAILABLE } from '../../platform/http/problems/refused.js';
import { INVALID_EMAIL } from '../../users/email-address.dto.js';
import { UserResponse } from '../../users/users.dto.js';
import { EmailTaken } from '../../users/users.errors.js';
import { HashQueueFull, PasswordRefused } from '../auth.errors.js';
import { BREACHED, COMMON } from '../passwords/password-policy.value.js';

const mailLanguage = {
  name: 'Accept-Language',
  required: false,
  description: 'The language of the mails that this person gets.',
  schema: { type: 'string', pattern: '^[\\x20-\\x7e]*$', maxLength: 1024, example: 'en' },
} as const;

export function ApiRegister(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'register',
      summary: 'Make an account',
      description:
        'With an email address and a password, and a mail to confirm the address. It gives no tokens: log in next. Where ' +
        'addresses must be confirmed (`EMAIL_VERIFICATION=required`), the answer is 202 for every address, known or not.',
    }),
    ApiHeader(mailLanguage),
    ApiCreatedResponse({ type: UserResponse, description: 'The new account.' }),
    ApiAcceptedResponse({ description: 'Where addresses must be confirmed: a mail is on its way.' }),
    ApiProblems(
      INVALID_EMAIL,
      new PasswordRefused(COMMON),
      new PasswordRefused(BREACHED),
      new EmailTaken(),
      new TooManyRequests(60_000),
      new HashQueueFull(),
      DATABASE_UNAVAILABLE,
    ),
  );
}
