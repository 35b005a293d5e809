import { applyDecorators, ValidationPipe } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { ValidateBy, ValidateIf } from 'class-validator';
import { ValidationFailed } from '../errors.js';
import { fieldErrors } from './validation-errors.js';

/** What a rule tells the caller when it is broken: a stable snake_case code and a sentence that repeats no input. */
export interface RuleContext {
  code: string;
  detail: string;
}

/**
 * Bodies, queries and parameters become instances of their DTO class or a `ValidationFailed`: unknown properties are refused,
 * and nothing is converted from one type to another.
 */
export function createValidationPipe(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    transform: true,
    transformOptions: { enableImplicitConversion: false },
    validationError: { target: false },
    exceptionFactory: (errors) => new ValidationFailed(fieldErrors(errors)),
  });
}

/**
 * A property must be a string that a domain's own parser accepts, and becomes what the parser makes of it: so a rule (what
 * an email address is) is written once, and what comes behind the validation meets one form only.
 * @param parse answers null for a value it refuses; what it gives, it accepts as it is
 */
export function Parses(parse: (value: string) => string | null, context: RuleContext): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? (parse(value) ?? value) : value)),
    ValidateBy(
      {
        name: 'parses',
        validator: {
          validate: (value: unknown) => typeof value === 'string' && parse(value) !== null,
          defaultMessage: () => context.detail,
        },
      },
      { context },
    ),
  );
}

/** A property may be left out. Unlike class-validator's own `IsOptional`, this does not take null for missing. */
export function MayBeMissing(): PropertyDecorator {
  return ValidateIf((_object, value) => value !== undefined);
}
