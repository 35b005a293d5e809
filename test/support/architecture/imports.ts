import ts from 'typescript';

/** One import as it stands in a file, of whatever spelling. */
export interface WrittenImport {
  /** The text between the quotes, or null where it is computed at run time. */
  specifier: string | null;
  /** What is taken: names as the other module exports them, `default`, or `*` for all of it. */
  names: string[];
  reExport: boolean;
}

/** Every node of a tree, in the order of the text. */
export function* nodesOf(root: ts.Node): Generator<ts.Node> {
  const waiting: ts.Node[] = [root];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    yield node;
    const children: ts.Node[] = [];
    ts.forEachChild(node, (child) => void children.push(child));
    waiting.push(...children.reverse());
  }
}

/** Reads static imports, `export … from`, `import x = require`, `import()`, `require()`, import types and `new URL(…)`. */
export function readImports(source: ts.SourceFile): WrittenImport[] {
  return [...nodesOf(source)].flatMap((node) => {
    const found = fromDeclaration(node) ?? fromCall(node);
    return found ? [found] : [];
  });
}

function fromDeclaration(node: ts.Node): WrittenImport | undefined {
  if (ts.isImportDeclaration(node)) {
    return { specifier: textOf(node.moduleSpecifier), names: namesOf(node.importClause), reExport: false };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    return { specifier: textOf(node.moduleSpecifier), names: exportedNames(node.exportClause), reExport: true };
  }
  if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
    return { specifier: textOf(node.moduleReference.expression), names: ['*'], reExport: false };
  }
  if (ts.isImportTypeNode(node)) {
    const argument = ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
    const name = node.qualifier?.getText().split('.')[0];
    return { specifier: textOf(argument), names: [name ?? '*'], reExport: false };
  }
  return undefined;
}

function fromCall(node: ts.Node): WrittenImport | undefined {
  if (ts.isCallExpression(node) && (isDynamicImport(node) || isRequire(node.expression))) {
    return { specifier: textOf(node.arguments[0]), names: ['*'], reExport: false };
  }
  if (ts.isNewExpression(node) && node.expression.getText() === 'URL') {
    const [file, base] = node.arguments ?? [];
    const isSource = /\.(ts|js|mjs)$/.test(textOf(file) ?? '');
    if (isSource && base?.getText() === 'import.meta.url')
      return { specifier: textOf(file), names: ['*'], reExport: false };
  }
  return undefined;
}

function isDynamicImport(call: ts.CallExpression): boolean {
  return call.expression.kind === ts.SyntaxKind.ImportKeyword;
}

/** `require(…)` and `createRequire(import.meta.url)(…)`. */
function isRequire(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return callee.text === 'require';
  return ts.isCallExpression(callee) && callee.expression.getText() === 'createRequire';
}

function namesOf(clause: ts.ImportClause | undefined): string[] {
  if (!clause) return [];
  const byDefault = clause.name ? ['default'] : [];
  const bindings = clause.namedBindings;
  if (!bindings) return byDefault;
  return [...byDefault, ...(ts.isNamespaceImport(bindings) ? ['*'] : bindings.elements.map(originalName))];
}

function exportedNames(clause: ts.NamedExportBindings | undefined): string[] {
  return clause && ts.isNamedExports(clause) ? clause.elements.map(originalName) : ['*'];
}

function originalName(element: ts.ImportSpecifier | ts.ExportSpecifier): string {
  return (element.propertyName ?? element.name).text;
}

function textOf(node: ts.Node | undefined): string | null {
  return node && ts.isStringLiteralLike(node) ? node.text : null;
}
