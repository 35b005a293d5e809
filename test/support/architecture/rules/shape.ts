import type { Model } from '../model.js';
import { eachImport, type Rule } from '../rule.js';

/** One imports a thing from where it is made. */
const noBarrels: Rule = (file) => {
  if (file.area !== 'src') return [];
  const passedOn = file.imports.filter(({ reExport }) => reExport).map(({ specifier }) => `passes on ${specifier}`);
  return /(^|\/)index\.(ts|mjs)$/.test(file.path) ? ['is a barrel by its name', ...passedOn] : passedOn;
};

/** No file leads back to itself by its imports, types included. */
const noCycles: Rule = (file, model) => {
  const reached = reachableFrom(file.path, model);
  return reached.has(file.path) ? [`is part of a circle of imports`] : [];
};

/** Every relative import leads to a file that was read: an import that leads nowhere would keep every other rule. */
const importsResolve: Rule = eachImport((file, { specifier, target, found }) => {
  const isMade = /^(packages\/[^/]+\/)?dist\//.test(target?.path ?? '') || /\.json$/.test(specifier ?? '');
  return file.area !== 'tools' && target !== null && !found && !isMade;
});

/** Outside `platform/`, an import names what it takes, so that these rules can read it. */
const importsReadable: Rule = (file) => {
  if (file.area !== 'src' || file.folder === 'platform') return [];
  return file.imports.filter(({ specifier }) => specifier === null).map(() => 'computes what it imports');
};

function reachableFrom(start: string, model: Model): Set<string> {
  const reached = new Set<string>();
  const waiting = [start];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    for (const { target, found } of model.get(path)?.imports ?? []) {
      if (!target || !found || reached.has(target.path)) continue;
      reached.add(target.path);
      waiting.push(target.path);
    }
  }
  return reached;
}

export const shapeRules = { noBarrels, noCycles, importsResolve, importsReadable };
