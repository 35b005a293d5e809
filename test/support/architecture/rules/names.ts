import ts from 'typescript';
import { layers, otherRoles, rootFiles } from '../house.js';
import { nodesOf } from '../imports.js';
import type { SourceFile } from '../model.js';
import { isInLayeredRoom, type Rule } from '../rule.js';

const kebab = '[a-z0-9]+(-[a-z0-9]+)*';
const inARoom = new RegExp(`^${kebab}\\.(${[...layers, ...Object.keys(otherRoles)].join('|')})\\.(ts|mjs)$`);
const elsewhere = new RegExp(`^${kebab}(\\.${kebab})*\\.(ts|mts|mjs)$`);
const sayingNothing = /(^|-)(utils?|helpers?|impl|managers?)$|^(common|base|shared|misc)$/;
const emptyWords = /(Impl|Managers?|Utils?|Helpers?|Type|Base)$|^Base[A-Z]/;

/** `<what>.<role>.ts` in a room; words with hyphens everywhere. */
const fileName: Rule = (file) => {
  const name = file.path.split('/').at(-1) ?? '';
  const pattern = isInLayeredRoom(file) && !rootFiles.includes(file.path) ? inARoom : elsewhere;
  return pattern.test(name) ? [] : ['is not named <what>.<role>.ts'];
};

/** No `utils`, `helpers`, `common`, `base`, `Impl`, `Manager`, `…Type`: a name says what a thing is. */
const namesSaySomething: Rule = (file) => {
  const parts = file.path.split('/').flatMap((part) => part.replace(/\.(ts|mts|mjs)$/, '').split('.'));
  const inPath = parts.filter((part) => sayingNothing.test(part));
  const inCode = declaredNames(file).filter((name) => emptyWords.test(name));
  return [...inPath, ...inCode].map((name) => `"${name}" says nothing`);
};

/** A shape on the wire is a `…Request` or a `…Response`. */
const wireShapeName: Rule = (file) => {
  if (file.role !== 'dto' || !isInLayeredRoom(file)) return [];
  return classNames(file).filter((name) => !/(Request|Response)$/.test(name));
};

/** An error is named after the fact, without a suffix. */
const errorName: Rule = (file) => {
  if (file.area !== 'src' || file.role !== 'errors') return [];
  return classNames(file).filter((name) => /(Error|Exception)$/.test(name));
};

/** `…At` is a Date (text only on the wire), `…Seconds` a number. */
const timeName: Rule = (file) => {
  if (file.area !== 'src' && file.area !== 'package') return [];
  const wrong = [...nodesOf(file.ast)].filter((node) => {
    if (!ts.isPropertyDeclaration(node) && !ts.isPropertySignature(node) && !ts.isParameter(node)) return false;
    const type = node.type?.getText() ?? '';
    if (/Seconds$/.test(node.name.getText())) return /\b(string|Date|bigint)\b/.test(type);
    return /[a-z]At$/.test(node.name.getText()) && file.role !== 'dto' && /\b(string|number|bigint)\b/.test(type);
  });
  return wrong.map((node) => node.getText());
};

/** Tables and columns are in snake_case. */
const dataName: Rule = (file) => {
  if (file.role !== 'entity') return [];
  const decorators = [...nodesOf(file.ast)].filter(ts.isDecorator).map(({ expression }) => expression);
  const names = decorators.filter(ts.isCallExpression).flatMap(namesInDatabase);
  return names
    .filter((name) => !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name))
    .map((name) => `"${name}" is not snake_case`);
};

function namesInDatabase(call: ts.CallExpression): string[] {
  if (!/^(Entity|Column|Primary\w*|(Create|Update|Delete)DateColumn)$/.test(call.expression.getText())) return [];
  const options = call.arguments.filter(ts.isObjectLiteralExpression).flatMap(({ properties }) => [...properties]);
  const named = options.filter(ts.isPropertyAssignment).filter(({ name }) => name.getText() === 'name');
  const table = call.expression.getText() === 'Entity' ? call.arguments.slice(0, 1) : [];
  return [...named.map(({ initializer }) => initializer), ...table]
    .filter(ts.isStringLiteralLike)
    .map(({ text }) => text);
}

function classNames(file: SourceFile): string[] {
  return [...nodesOf(file.ast)].filter(ts.isClassDeclaration).flatMap(({ name }) => name?.text ?? []);
}

function declaredNames(file: SourceFile): string[] {
  return [...nodesOf(file.ast)].flatMap((node) => {
    const declares = ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isEnumDeclaration(node);
    return declares || ts.isTypeAliasDeclaration(node) ? (node.name?.text ?? []) : [];
  });
}

export const nameRules = { fileName, namesSaySomething, wireShapeName, errorName, timeName, dataName };
