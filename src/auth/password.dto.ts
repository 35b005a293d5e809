import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Parses } from '../platform/http/validation.js';
import { isPossiblePassword, PASSWORD_MAX_LENGTH } from './passwords/password-policy.value.js';

const isText = (value: string): string => value;
const asPossiblePassword = (value: string): string | null => (isPossiblePassword(value) ? value : null);

/** A property that holds a password to be set. Its rules need the email and the settings, so they are the service's. */
export function NewPassword(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({
      format: 'password',
      minLength: 8,
      maxLength: PASSWORD_MAX_LENGTH,
      description:
        'Any characters; not the email address, not one of the common passwords, and more than the names of the service and its owner.',
      example: 'correct horse battery staple',
    }),
    Parses(isText, { code: 'not_a_string', detail: 'A text.' }),
  );
}

/** A property that holds a password to be verified. */
export function CurrentPassword(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({
      format: 'password',
      minLength: 1,
      maxLength: PASSWORD_MAX_LENGTH,
      example: 'correct horse battery staple',
    }),
    Parses(asPossiblePassword, { code: 'invalid_password', detail: `1 to ${PASSWORD_MAX_LENGTH} characters.` }),
  );
}
