import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ValidationFailed } from '../../platform/errors.js';
import { Parses } from '../../platform/http/input/validation.js';
import { parseEmailAddress } from './email-address.value.js';

const RULE = { code: 'invalid_email', detail: 'Must be a valid email address.' };

/** The error for an invalid address, for the documentation. */
export const INVALID_EMAIL = new ValidationFailed([{ field: 'email', ...RULE }]);

/** A property with an email address, which is converted to its stored form. */
export function EmailAddress(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ format: 'email', maxLength: 254, example: 'ada@example.com' }),
    Parses(parseEmailAddress, RULE),
  );
}
