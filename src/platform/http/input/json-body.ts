import { UnsupportedMediaTypeException } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from '../../errors.js';
import { isReservedName } from './reserved-names.js';

const MAX_DEPTH = 16;

// RFC 8259 defines no parameters, but many clients send charset=utf-8.
const CONTENT_TYPE = /^application\/json[ \t]*(?:;[ \t]*charset=(?:utf-8|"utf-8")[ \t]*)?$/i;

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Shared, because it keeps no state between calls and creating one takes longer than decoding a body. */
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** The body is not an acceptable JSON object. */
export class MalformedBody extends Refusal {
  readonly kind = 'invalid';
  readonly code = 'malformed_body';
}

/** Accepts only `application/json`; Fastify answers 415 to any other content type. */
export function acceptOnlyJson(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      requirePlainJson(request);
      done(null, parseJsonObject(body));
    } catch (error) {
      done(error instanceof Error ? error : new MalformedBody('The body could not be read.'));
    }
  });
}

function requirePlainJson({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') throw new UnsupportedMediaTypeException();
  if (!CONTENT_TYPE.test(headers['content-type'] ?? '')) throw new UnsupportedMediaTypeException();
}

/**
 * Stricter than JSON.parse: valid UTF-8, a single object, at most 16 levels deep, no lone surrogates (they cannot be stored or
 * compared), and no property name that every object inherits.
 */
function parseJsonObject(bytes: Buffer): object {
  const value = parse(decode(bytes));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MalformedBody('The body must be a JSON object.');
  }
  inspect(value);
  return value;
}

function decode(bytes: Buffer): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw new MalformedBody('The body is not valid UTF-8.');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message would repeat the input.
    throw new MalformedBody('The body is not valid JSON.');
  }
}

/** Iterative, so that the nesting of the input cannot exhaust the stack. */
function inspect(root: object): void {
  let level: object[] = [root];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw new MalformedBody(`The body is nested more than ${MAX_DEPTH} levels deep.`);
    level = level.flatMap(inspectOne);
  }
}

/** Checks the names and strings of one level. @returns the objects and arrays directly inside */
function inspectOne(container: object): object[] {
  const inside: object[] = [];
  for (const [name, value] of Object.entries(container) as [string, unknown][]) {
    if (isReservedName(name)) throw new MalformedBody('The body contains a property with a reserved name.');
    requireWellFormed(name);
    if (typeof value === 'string') requireWellFormed(value);
    else if (typeof value === 'object' && value !== null) inside.push(value);
  }
  return inside;
}

function requireWellFormed(text: string): void {
  if (LONE_SURROGATE.test(text)) throw new MalformedBody('The body contains text that is not valid Unicode.');
}
