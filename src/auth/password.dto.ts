import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { FieldError } from '../platform/errors.js';
import { Foretells, Parses } from '../platform/http/input/validation.js';
import { isCommonPassword } from './passwords/common-passwords.service.js';
import { isPossiblePassword, PASSWORD_MAX_LENGTH, passwordProblem } from './passwords/password-policy.value.js';

/** The lowest value of `PASSWORD_MIN_LENGTH`. */
const LEAST_MIN_LENGTH = 8;

/** Checks what does not depend on the settings and the owner's address. */
const plainProblem = (password: string): FieldError | null =>
  passwordProblem(password, '', LEAST_MIN_LENGTH, [], isCommonPassword);

const isText = (value: string): string => value;
const asPossiblePassword = (value: string): string | null => (isPossiblePassword(value) ? value : null);

/** A property with a new password. The other rules need the email and the settings, so the service checks them. */
export function NewPassword(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({
      format: 'password',
      minLength: LEAST_MIN_LENGTH,
      maxLength: PASSWORD_MAX_LENGTH,
      description:
        'Any characters. Refused if it is the email address, a common password, or little more than names of the service or its owner.',
      example: 'correct horse battery staple',
    }),
    Parses(isText, { code: 'not_a_string', detail: 'Must be a string.' }),
    Foretells(plainProblem),
  );
}

/** A property with a password to verify. */
export function CurrentPassword(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({
      format: 'password',
      minLength: 1,
      maxLength: PASSWORD_MAX_LENGTH,
      example: 'correct horse battery staple',
    }),
    Parses(asPossiblePassword, {
      code: 'invalid_password',
      detail: `Must have 1 to ${PASSWORD_MAX_LENGTH} characters.`,
    }),
  );
}
