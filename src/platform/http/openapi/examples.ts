import type { ReferenceObject, SchemaObject } from '@nestjs/swagger';

export type Schemas = Record<string, SchemaObject>;

/** Builds an example from the examples of a schema's properties. */
export function exampleOf(schema: SchemaObject | ReferenceObject, schemas: Schemas): unknown {
  if ('$ref' in schema) {
    const target = schemas[schema.$ref.split('/').at(-1) ?? ''];
    return target && exampleOf(target, schemas);
  }
  if (schema.example !== undefined) return schema.example as unknown;
  if (schema.default !== undefined) return schema.default as unknown;
  if (schema.items) return [exampleOf(schema.items, schemas)];
  const properties = Object.entries(schema.properties ?? {});
  return Object.fromEntries(properties.map(([name, property]) => [name, exampleOf(property, schemas)]));
}
