import ts from 'typescript';
import { nodesOf } from '../imports.js';
import type { SourceFile } from '../model.js';
import type { Rule } from '../rule.js';

const runners = /^(x|f)?(it|test|describe)(\.(only|skip|todo|failing|concurrent|each))*$/;
const leavesOut = /^(xit|xtest|xdescribe|fit|fdescribe)\b|\.(only|skip|todo|failing)\b/;

/** A test is a sentence in the present: it says what happens, not what ought to. */
const testName: Rule = (file) => {
  return runs(file).flatMap(({ title }) => (/^should\b/i.test(title) ? [`"${title}"`] : []));
};

/** No test is left out, and none leaves the others out. */
const noTestLeftOut: Rule = (file) => {
  return runs(file).flatMap(({ runner }) => (leavesOut.test(runner) ? [`calls ${runner}`] : []));
};

function runs(file: SourceFile): { runner: string; title: string }[] {
  if (file.area !== 'test') return [];
  return [...nodesOf(file.ast)].filter(ts.isCallExpression).flatMap((call) => {
    const runner = runnerOf(call.expression);
    const title = call.arguments[0];
    return runner ? [{ runner, title: title && ts.isStringLiteralLike(title) ? title.text : '' }] : [];
  });
}

/** `it`, `it.only`, and for tables the `it.each` of `it.each(rows)(…)` and of its template form. */
function runnerOf(callee: ts.Expression): string | undefined {
  const inner = ts.isCallExpression(callee)
    ? callee.expression
    : ts.isTaggedTemplateExpression(callee)
      ? callee.tag
      : callee;
  const text = inner.getText();
  return runners.test(text) ? text : undefined;
}

export const testRules = { testName, noTestLeftOut };
