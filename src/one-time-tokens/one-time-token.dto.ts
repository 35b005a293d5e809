import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { ValidationFailed } from '../platform/errors.js';

const RULE = { code: 'invalid_token_format', detail: 'Must be the token from the emailed link, unchanged.' };

/** The error for a malformed token, for the documentation. */
export const MALFORMED_TOKEN = new ValidationFailed([{ field: 'token', ...RULE }]);

/** A property with the token of an emailed link. Only its form is checked here. */
export function LinkToken(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({
      description: 'The part after `#token=` in the emailed link.',
      minLength: 1,
      maxLength: 512,
      pattern: '^[\\x20-\\x7e]+$',
      example: 'pSfQ1nC0mW6YxqO8rJmZk0fVtB3uHsLd5eXg7aKiT2E',
    }),
    Matches(/^[\x20-\x7e]{1,512}$/, { context: RULE }),
  );
}
