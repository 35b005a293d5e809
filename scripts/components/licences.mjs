/** @typedef {import('./lockfile.mjs').Component} Component */

/** What may be handed on inside a closed product, as long as its notice goes along. */
const PERMISSIVE = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
];

/** What tools may have besides: nothing of them is in what we hand on. */
const OF_TOOLS = [
  'Zlib',
  'CC-BY-4.0', // data about browsers, read while compiling
  'LGPL-3.0-only', // puts the guard's declarations into one file; they are ours before and after
];

/** @returns {string[]} one line for each package whose licence is not known to be good for its place */
export function licenceProblems(/** @type {readonly Component[]} */ components) {
  return components.flatMap(({ name, version, licence, scope }) => {
    const good = new Set(scope === 'development' ? [...PERMISSIVE, ...OF_TOOLS] : PERMISSIVE);
    if (licence !== null && isGood(licence, good)) return [];
    return [`${name}@${version} (${scope}): ${licence ?? 'says nothing of a licence'}`];
  });
}

/**
 * An SPDX expression is good by one side of an OR and by both of an AND. One that has both words is for a person to read.
 *
 * @param {string} expression
 * @param {ReadonlySet<string>} good
 */
function isGood(expression, good) {
  const plain = expression.replace(/^\((.*)\)$/, '$1');
  const choices = plain.split(' OR ');
  if (choices.length > 1) return choices.some((one) => good.has(one));
  return plain.split(' AND ').every((one) => good.has(one));
}
