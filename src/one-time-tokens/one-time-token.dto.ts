import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { ValidationFailed } from '../platform/errors.js';

const RULE = { code: 'invalid_token_format', detail: 'Must be the token from the emailed link, unchanged.' };

/** What is answered to a text of another form, for the documentation. */
export const MALFORMED_TOKEN = new ValidationFailed([{ field: 'token', ...RULE }]);

/** A property that holds the token of a link in a mail. Whether it is one, only the database tells. */
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
