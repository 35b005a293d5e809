import ts from 'typescript';
import * as house from '../house.js';
import { nodesOf } from '../imports.js';
import type { Import, SourceFile } from '../model.js';
import { eachImport, isDelivered, isInLayeredRoom, packageOf, type Rule } from '../rule.js';

/** Only repositories and entities (and `platform/`) know the database; a module may wire it. */
const databaseBelowServices: Rule = eachImport((file, { specifier }) => {
  const roles = Object.hasOwn(house.databasePackages, packageOf(specifier))
    ? house.databasePackages[packageOf(specifier)]
    : undefined;
  return isOutsidePlatform(file) && roles !== undefined && !roles.includes(file.role ?? '');
});

/** Only controllers, guards and filters (and `platform/`) know HTTP; OpenAPI belongs to them and to a `dto`. */
const httpAtTheEdge: Rule = eachImport((file, found) => {
  if (!isInLayeredRoom(file) || house.httpRoles.includes(file.role ?? '')) return false;
  if (packageOf(found.specifier) === '@nestjs/swagger') return file.role !== 'dto';
  return isAboutHttp(found);
});

/** Only the platform's configuration reads the environment. */
const environmentInConfig: Rule = (file) => {
  if (!isDelivered(file) || /^src\/platform\/config[./-]/.test(file.path)) return [];
  return [...nodesOf(file.ast)].filter(readsEnvironment).map((node) => `reads the environment: ${node.getText()}`);
};

/** A value computes from what it is given: no input, no output, no framework. */
const valueIsPure: Rule = (file, model) => {
  if (file.area !== 'src' || file.role !== 'value' || !isInLayeredRoom(file)) return [];
  const clocks = [...nodesOf(file.ast)].filter(readsClock).map((node) => `reads the clock: ${node.getText()}`);
  return [...eachImport((_, found) => isImpure(found))(file, model), ...clocks];
};

/** Rooms call each other by name, in the order of the rooms: there is no bus to call behind it. */
const noEventBus: Rule = eachImport((file, { specifier, names }) => {
  const spelled = specifier === 'events' ? 'node:events' : (specifier ?? '');
  if (!isOutsidePlatform(file) || !Object.hasOwn(house.eventBuses, spelled)) return false;
  const bus = house.eventBuses[spelled] ?? [];
  return bus.includes('*') || names.some((name) => name === '*' || bus.includes(name));
});

/** A total order has no circles, so nothing needs to be referred to forward. */
const noForwardRef: Rule = (file) => {
  const uses = [...nodesOf(file.ast)].filter((node) => ts.isIdentifier(node) && node.text === 'forwardRef');
  return isDelivered(file) && uses.length > 0 ? ['uses forwardRef'] : [];
};

function isOutsidePlatform(file: SourceFile): boolean {
  return file.area === 'src' && file.folder !== 'platform';
}

function isAboutHttp({ specifier, names }: Import): boolean {
  const name = packageOf(specifier);
  if (house.httpPackages.includes(name) || name.startsWith('@fastify/') || house.httpBuiltins.includes(name))
    return true;
  if (name !== '@nestjs/common') return false;
  return names.some((taken) => taken === '*' || taken.endsWith('Exception') || house.httpNames.includes(taken));
}

function isImpure({ specifier, target }: Import): boolean {
  if (target) return target.folder === 'platform' && !/(^|[./-])(errors|value)\.ts$/.test(target.path);
  if (house.impurePackages.test(packageOf(specifier))) return true;
  return (specifier ?? '').startsWith('node:') && !house.pureBuiltins.includes(packageOf(specifier));
}

function readsClock(node: ts.Node): boolean {
  if (ts.isNewExpression(node)) return node.expression.getText() === 'Date' && !node.arguments?.length;
  return ts.isCallExpression(node) && /^(Date\.now|performance\.now|process\.hrtime)/.test(node.expression.getText());
}

function readsEnvironment(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) return node.name.text === 'env' && isProcess(node.expression);
  if (ts.isElementAccessExpression(node))
    return /^['"`]env['"`]$/.test(node.argumentExpression.getText()) && isProcess(node.expression);
  if (ts.isVariableDeclaration(node)) return ts.isObjectBindingPattern(node.name) && isProcess(node.initializer);
  if (!ts.isImportDeclaration(node)) return false;
  return /^['"](node:)?process['"]$/.test(node.moduleSpecifier.getText()) && /\benv\b/.test(node.getText());
}

function isProcess(node: ts.Node | undefined): boolean {
  return /^(globalThis\.)?process$/.test(node?.getText() ?? '');
}

export const knowledgeRules = {
  databaseBelowServices,
  httpAtTheEdge,
  environmentInConfig,
  valueIsPure,
  noEventBus,
  noForwardRef,
};
