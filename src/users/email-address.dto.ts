import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Parses } from '../platform/http/validation.js';
import { parseEmailAddress } from './email-address.value.js';

/** A property that holds one email address, and becomes its stored form. */
export function EmailAddress(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ format: 'email', maxLength: 254, example: 'ada@example.com' }),
    Parses(parseEmailAddress, { code: 'invalid_email', detail: 'One plain email address.' }),
  );
}
