import { applyDecorators, type ArgumentMetadata, ValidationPipe } from '@nestjs/common';
import * as classTransformer from 'class-transformer';
import * as classValidator from 'class-validator';
import { type FieldError, ValidationFailed } from '../../errors.js';
import { fieldErrors } from './validation-errors.js';

/** The error of a violated rule: a stable snake_case code, and a sentence that does not repeat the input. */
export interface RuleContext {
  code: string;
  detail: string;
}

/** Checks what can be checked without a query. The `field` of the result is ignored. */
type Foretelling = (text: string) => FieldError | null;

const foretold = new WeakMap<object, Map<string, Foretelling>>();

/** By DTO class: whether a body consists of exactly one valid text. */
const atSight = new WeakMap<object, (body: object) => boolean>();

/**
 * Turns bodies, queries and parameters into instances of their DTO classes, or throws `ValidationFailed`. Unknown properties are
 * refused, and nothing is converted from one type to another.
 */
export function createValidationPipe(): ValidationPipe {
  return new TellingAll({
    // Passed explicitly, because Nest cannot find them in a bundle.
    validatorPackage: classValidator,
    transformerPackage: classTransformer,
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
 * The property must be a string that `parse` accepts, and becomes its result. So a rule (such as the format of an email address)
 * is written once, and the code behind the validation sees only the normalized form.
 * @param parse returns null for an invalid value; must accept its own result unchanged
 */
export function Parses(parse: (value: string) => string | null, context: RuleContext): PropertyDecorator {
  return applyDecorators(
    classTransformer.Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? (parse(value) ?? value) : value,
    ),
    classValidator.ValidateBy(
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

/**
 * The property is checked by a service, which runs only after the validation has passed. `problemOf` reports what is known
 * before, together with other errors, so that the caller need not fix errors one by one. On its own it refuses nothing.
 */
export function Foretells(problemOf: Foretelling): PropertyDecorator {
  return (prototype, property) => {
    const known = foretold.get(prototype) ?? new Map<string, Foretelling>();
    foretold.set(prototype, known.set(String(property), problemOf));
  };
}

/**
 * A fast path for very frequent requests: a body with only this property, matching `pattern`, skips class-validator, which saves
 * a tenth of the time of a refresh. Any other body is validated as usual.
 * @param pattern must match only values that the rules of the property would accept unchanged
 */
export function TakenAtSight(property: string, pattern: RegExp): ClassDecorator {
  return (type) => {
    atSight.set(type, (body) => {
      const [[name, value] = [], ...others] = Object.entries(body) as [string, unknown][];
      return name === property && typeof value === 'string' && pattern.test(value) && others.length === 0;
    });
  };
}

class TellingAll extends ValidationPipe {
  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const { metatype } = metadata;
    if (metatype && typeof value === 'object' && value !== null && atSight.get(metatype)?.(value))
      return Promise.resolve(Object.assign(new metatype() as object, value));
    return this.tellingAll(value, metadata);
  }

  private async tellingAll(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    try {
      return await super.transform(value, metadata);
    } catch (error) {
      if (!(error instanceof ValidationFailed)) throw error;
      throw new ValidationFailed([...error.errors, ...foretoldOf(value, metadata, error.errors)]);
    }
  }
}

function foretoldOf(value: unknown, { metatype }: ArgumentMetadata, told: readonly FieldError[]): FieldError[] {
  if (typeof value !== 'object' || value === null || metatype === undefined) return [];
  const texts = new Map<string, unknown>(Object.entries(value));
  return [...(foretold.get(metatype.prototype as object) ?? [])].flatMap(([field, problemOf]) => {
    const text = texts.get(field);
    if (typeof text !== 'string' || told.some((error) => error.field === field)) return [];
    const problem = problemOf(text);
    return problem ? [{ ...problem, field }] : [];
  });
}

/** The value must be one of `words`; the error lists them. */
export function OneOf(words: readonly string[], code = 'not_an_allowed_value'): PropertyDecorator {
  return classValidator.IsIn(words, { context: { code, detail: `Must be one of: ${words.join(', ')}.` } });
}

/** The property may be missing. Unlike class-validator's `IsOptional`, this does not accept null. */
export function MayBeMissing(): PropertyDecorator {
  return classValidator.ValidateIf((_object, value) => value !== undefined);
}
