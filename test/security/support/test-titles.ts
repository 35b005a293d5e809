import ts from 'typescript';
import { nodesOf } from '../../support/architecture/imports.js';

const RUNNER = /^(it|test|describe)(\.each)?$/;

/**
 * The titles of tests and groups, as they stand in a file: with `…` for what a table fills in.
 * @param text the source of a spec
 */
export function testTitles(text: string): string[] {
  const source = ts.createSourceFile('some.spec.ts', text, ts.ScriptTarget.Latest, true);
  return [...nodesOf(source)].filter(ts.isCallExpression).flatMap((call) => {
    const [title] = call.arguments;
    return title && isRunner(call.expression) ? [plainTitle(title)].filter((plain) => plain !== '') : [];
  });
}

/** `it`, and for tables `it.each(rows)`; the inner call of a table has no title. */
function isRunner(callee: ts.Expression): boolean {
  if (!ts.isCallExpression(callee)) return /^(it|test|describe)$/.test(callee.getText());
  return RUNNER.test(callee.expression.getText()) && callee.expression.getText().endsWith('.each');
}

function plainTitle(title: ts.Expression): string {
  if (ts.isStringLiteralLike(title)) return withoutPlaces(title.text);
  if (!ts.isTemplateExpression(title)) return '';
  return withoutPlaces(title.head.text + title.templateSpans.map(({ literal }) => `…${literal.text}`).join(''));
}

/** `%s`, `%j` and `$name` are where a table fills something in. */
function withoutPlaces(title: string): string {
  return title.replace(/%[sdifjop#]/g, '…').replace(/\$[a-z]\w*/gi, '…');
}
