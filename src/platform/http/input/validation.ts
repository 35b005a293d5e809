import { applyDecorators, type ArgumentMetadata, ValidationPipe } from '@nestjs/common';
import * as classTransformer from 'class-transformer';
import * as classValidator from 'class-validator';
import { type FieldError, ValidationFailed } from '../../errors.js';
import { fieldErrors } from './validation-errors.js';

/** What a rule tells the caller when it is broken: a stable snake_case code and a sentence that repeats no input. */
export interface RuleContext {
  code: string;
  detail: string;
}

/** @returns what is wrong with a text, as far as that shows by itself; its `field` does not count */
type Foretelling = (text: string) => FieldError | null;

const foretold = new WeakMap<object, Map<string, Foretelling>>();

/** By class: whether a body that holds one text and nothing else plainly fits. */
const atSight = new WeakMap<object, (body: object) => boolean>();

/**
 * Bodies, queries and parameters become instances of their DTO class or a `ValidationFailed`: unknown properties are refused,
 * and nothing is converted from one type to another.
 */
export function createValidationPipe(): ValidationPipe {
  return new TellingAll({
    // Given, because in a bundle Nest does not find what it would look for.
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
 * A property must be a string that a domain's own parser accepts, and becomes what the parser makes of it: so a rule (what
 * an email address is) is written once, and what comes behind the validation meets one form only.
 * @param parse answers null for a value it refuses; what it gives, it accepts as it is
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
 * The rules of this property are a service's, which is asked only once all else is right. What can be said of it before is told
 * together with the rest, so that nobody has to come again for each fault; by itself it refuses nothing.
 */
export function Foretells(problemOf: Foretelling): PropertyDecorator {
  return (prototype, property) => {
    const known = foretold.get(prototype) ?? new Map<string, Foretelling>();
    foretold.set(prototype, known.set(String(property), problemOf));
  };
}

/**
 * For what comes by the thousand: a body of this one text and nothing else is taken as it is, which saves a tenth of a refresh. Any
 * other is held against each of the rules, which also find the words for what is wrong.
 * @param pattern allows nothing that the rules of the property would refuse or change
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

/** One of a few words, which the answer names where it is none of them. */
export function OneOf(words: readonly string[], code = 'not_an_allowed_value'): PropertyDecorator {
  return classValidator.IsIn(words, { context: { code, detail: `Must be one of: ${words.join(', ')}.` } });
}

/** A property may be left out. Unlike class-validator's own `IsOptional`, this does not take null for missing. */
export function MayBeMissing(): PropertyDecorator {
  return classValidator.ValidateIf((_object, value) => value !== undefined);
}
