import { existsSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { nodesOf, readImports } from '../../support/architecture/imports.js';
import { testTitles } from './test-titles.js';

/** A link whose text is the title of a test, and which leads to its file. */
export interface TestLink {
  text: string;
  target: string;
}

/** The files that hold tests, of whatever suite. */
export function leadsToTests(target: string): boolean {
  return /\.(spec|timing|outside|faults|e2e)\.ts$/.test(target);
}

/**
 * Those whose file has no test or group of that title.
 * @param place where the links stand
 * @throws Error when a file is there and no title is seen in it: then nothing was looked at
 */
export function withoutTest<Link extends TestLink>(links: readonly Link[], place: URL): Link[] {
  const titles = new Map<string, readonly string[]>();
  return links.filter(({ text, target }) => {
    if (!titles.has(target)) titles.set(target, titlesOf(new URL(target, place)));
    return !titles.get(target)!.includes(text);
  });
}

function titlesOf(file: URL): string[] {
  if (!existsSync(file)) return [];
  const titles = testTitles(readFileSync(file, 'utf8'));
  if (titles.length === 0) throw new Error(`no test is seen in ${file.pathname}`);
  return titles;
}

/** The texts and names of properties in a file of tests and in what it imports of its own: there stand the rows of its tables. */
export function rowNames(file: URL): Set<string> {
  const source = sourceOf(file);
  const imported = readImports(source).flatMap(({ specifier }) =>
    specifier?.startsWith('.') ? [new URL(specifier.replace(/\.js$/, '.ts'), file)] : [],
  );
  const sources = [source, ...imported.filter((one) => existsSync(one)).map(sourceOf)];
  return new Set(sources.flatMap(textsIn));
}

function sourceOf(file: URL): ts.SourceFile {
  return ts.createSourceFile(file.pathname, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
}

function textsIn(source: ts.SourceFile): string[] {
  return [...nodesOf(source)].flatMap((node) => {
    if (ts.isStringLiteralLike(node)) return [node.text];
    return ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) ? [node.name.text] : [];
  });
}
