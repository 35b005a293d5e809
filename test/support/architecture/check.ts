import { modelOf, type Tree } from './model.js';
import type { Rule } from './rule.js';
import { borderRules } from './rules/borders.js';
import { knowledgeRules } from './rules/knowledge.js';
import { nameRules } from './rules/names.js';
import { orderRules } from './rules/order.js';
import { shapeRules } from './rules/shape.js';
import { testRules } from './rules/tests.js';

const all = { ...orderRules, ...borderRules, ...knowledgeRules, ...shapeRules, ...nameRules, ...testRules };
export const rules: Readonly<Record<keyof typeof all, Rule>> = all;
export type RuleName = keyof typeof rules;

export interface Violation {
  rule: RuleName;
  path: string;
  detail: string;
}

/** Holds every rule of the house against a tree of sources: reads no disk, so that a made-up tree does as well. */
export function check(tree: Tree): Violation[] {
  const model = modelOf(tree);
  const named = Object.entries(rules) as [RuleName, Rule][];
  return [...model.values()].flatMap((file) =>
    named.flatMap(([rule, judge]) => judge(file, model).map((detail) => ({ rule, path: file.path, detail }))),
  );
}
