import type { Import, Model, SourceFile } from './model.js';

/** What is wrong with a file under one rule, a sentence each; nothing when it keeps the rule. */
export type Rule = (file: SourceFile, model: Model) => string[];

/** A rule that judges one import at a time. */
export function eachImport(judge: (file: SourceFile, found: Import) => boolean): Rule {
  return (file) => file.imports.filter((found) => judge(file, found)).map((found) => `imports ${found.specifier}`);
}

/** The name of a package without its inner path; Node's own modules without `node:`. */
export function packageOf(specifier: string | null): string {
  const parts = (specifier ?? '').replace(/^node:/, '').split('/');
  return parts.slice(0, parts[0]?.startsWith('@') ? 2 : 1).join('/');
}

/** Code that is delivered, in contrast to tests and tools. */
export function isDelivered(file: SourceFile): boolean {
  return file.area !== 'test' && file.area !== 'tools';
}

/** A file of a room with layers: `platform/` is free in its inner names. */
export function isInLayeredRoom(file: SourceFile): boolean {
  return file.folder !== null && file.folder !== 'platform';
}
