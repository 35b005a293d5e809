import type { ValidationError } from '@nestjs/common';
import type { FieldError } from '../../errors.js';

/** Bounds the response: a request with very many invalid properties must not cause a response many times its size. */
const MAX_ERRORS = 20;

const SAFE_NAME = /^[A-Za-z0-9_]{1,64}$/;

/** Error codes for class-validator's constraints. Types come first: if the type is wrong, other constraints do not matter. */
const CODES: Readonly<Record<string, string>> = {
  whitelistValidation: 'unknown_property',
  isString: 'not_a_string',
  isBoolean: 'not_a_boolean',
  isInt: 'not_an_integer',
  isNumber: 'not_a_number',
  isArray: 'not_an_array',
  isObject: 'not_an_object',
  nestedValidation: 'not_an_object',
  isUuid: 'not_a_uuid',
  isDefined: 'required',
  isNotEmpty: 'required',
  isIn: 'not_an_allowed_value',
  isEnum: 'not_an_allowed_value',
  minLength: 'too_short',
  isLength: 'wrong_length',
  maxLength: 'too_long',
  min: 'too_small',
  max: 'too_large',
};

/** Used instead of class-validator's messages, which start with the property name and are not sentences. */
const DETAILS: Readonly<Record<string, string>> = {
  required: 'This property is required.',
  unknown_property: 'This property is not allowed.',
  not_a_string: 'Must be a string.',
  not_a_boolean: 'Must be true or false.',
  not_an_integer: 'Must be a whole number.',
  not_a_number: 'Must be a number.',
  not_an_array: 'Must be an array.',
  not_an_object: 'Must be an object.',
  not_a_uuid: 'Must be a UUID.',
};

/** One error per property, the most important one. Neither values nor property names made up by the caller are repeated. */
export function fieldErrors(errors: readonly ValidationError[], path: readonly string[] = []): FieldError[] {
  return errors.flatMap((error) => ofProperty(error, path)).slice(0, MAX_ERRORS);
}

function ofProperty(error: ValidationError, parents: readonly string[]): FieldError[] {
  const path = [...parents, safeName(error.property)];
  if (error.children?.length) return fieldErrors(error.children, path);
  return [{ field: path.join('.'), ...fault(error) }];
}

function fault(error: ValidationError): Pick<FieldError, 'code' | 'detail'> {
  const constraint = mostTelling(Object.keys(error.constraints ?? {}));
  if (error.value === undefined && constraint !== 'unknownValue') return told('required');
  const { code, detail } = ruleContext(error, constraint);
  return told(code ?? CODES[constraint] ?? 'invalid', detail);
}

function mostTelling(constraints: readonly string[]): string {
  return Object.keys(CODES).find((known) => constraints.includes(known)) ?? constraints[0] ?? 'unknownValue';
}

function ruleContext({ contexts }: ValidationError, constraint: string): { code?: string; detail?: string } {
  const context: unknown = contexts?.[constraint];
  if (typeof context !== 'object' || context === null) return {};
  return {
    ...('code' in context && typeof context.code === 'string' && { code: context.code }),
    ...('detail' in context && typeof context.detail === 'string' && { detail: context.detail }),
  };
}

function told(code: string, detail = DETAILS[code] ?? 'This value is not valid.'): Pick<FieldError, 'code' | 'detail'> {
  return { code, detail };
}

/** The name is undefined if the whole value is invalid. An unknown property's name is chosen by the caller. */
function safeName(name: string | undefined): string {
  return name !== undefined && SAFE_NAME.test(name) ? name : '(unknown)';
}
