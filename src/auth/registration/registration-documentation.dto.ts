import { applyDecorators } from '@nestjs/common';
import { ApiAcceptedResponse, ApiCreatedResponse, ApiHeader, ApiOperation } from '@nestjs/swagger';
import { TooManyRequests } from '../../limits/limits.errors.js';
import { ApiProblems } from '../../platform/http/openapi/api-problems.decorator.js';
import { DATABASE_UNAVAILABLE } from '../../platform/http/problems/refused.js';
import { INVALID_EMAIL } from '../../users/email-address/email-address.dto.js';
import { UserResponse } from '../../users/users.dto.js';
import { EmailTaken } from '../../users/users.errors.js';
import { HashQueueFull, PasswordRefused } from '../auth.errors.js';
import { BREACHED, COMMON } from '../passwords/password-policy.value.js';

const mailLanguage = {
  name: 'Accept-Language',
  required: false,
  description: 'The language of emails to this person.',
  schema: { type: 'string', pattern: '^[\\x20-\\x7e]*$', maxLength: 1024, example: 'en' },
} as const;

export function ApiRegister(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'register',
      summary: 'Create an account',
      description:
        'Creates an account and sends an email to confirm the address. Returns no tokens: log in next. With ' +
        '`EMAIL_VERIFICATION=required` the response is 202 for every email address, whether it has an account or not.',
    }),
    ApiHeader(mailLanguage),
    ApiCreatedResponse({ type: UserResponse, description: 'The new account.' }),
    ApiAcceptedResponse({ description: 'With `EMAIL_VERIFICATION=required`: an email is on its way.' }),
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
