import { posix } from 'node:path';
import ts from 'typescript';
import { layers, otherRoles } from './house.js';
import { readImports } from './imports.js';

type Area = 'src' | 'package' | 'migrations' | 'ormconfig' | 'test' | 'tools';

/** Where a file stands in the house, as its path tells. */
export interface Place {
  path: string;
  area: Area;
  /** The room of `src/` it lies in; null for the files beside the rooms and for all outside `src/`. */
  folder: string | null;
  /** The last word of the name before its extension, as `service` in `users.service.ts`. */
  role: string | null;
  /** The height of its layer within a room; null where the name tells of none. */
  height: number | null;
}

export interface Import {
  specifier: string | null;
  names: string[];
  reExport: boolean;
  /** The file meant, for imports within this repository. */
  target: Place | null;
  /** False for a path of this repository at which there is no file. */
  found: boolean;
}

export interface SourceFile extends Place {
  ast: ts.SourceFile;
  imports: Import[];
}

/** Path within the repository, with forward slashes -> source text. */
export type Tree = ReadonlyMap<string, string>;
export type Model = ReadonlyMap<string, SourceFile>;

const ownPackage = /^@auth-service\/([a-z-]+)$/;

/** Parses every file of a tree and resolves what each imports. */
export function modelOf(tree: Tree): Model {
  return new Map([...tree].map(([path, text]) => [path, read(path, text, tree)]));
}

function placeOf(path: string): Place {
  const parts = path.split('/');
  const role = posix.basename(path).split('.').at(-2) ?? null;
  const layer = layers.indexOf((role && otherRoles[role]) ?? role ?? '');
  const folder = parts[0] === 'src' && parts.length > 2 ? (parts[1] ?? null) : null;
  return { path, area: areaOf(path), folder, role, height: layer < 0 ? null : layer };
}

function areaOf(path: string): Area {
  if (/^src\//.test(path)) return 'src';
  if (/^packages\/[^/]+\/src\//.test(path)) return 'package';
  if (/^migrations\//.test(path)) return 'migrations';
  if (path === 'ormconfig.ts') return 'ormconfig';
  return /^(packages\/[^/]+\/)?test\//.test(path) ? 'test' : 'tools';
}

function read(path: string, text: string, tree: Tree): SourceFile {
  const ast = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const imports = readImports(ast).map((written) => ({ ...written, ...resolve(path, written.specifier, tree) }));
  return { ...placeOf(path), ast, imports };
}

function resolve(from: string, specifier: string | null, tree: Tree): Pick<Import, 'target' | 'found'> {
  const meant = specifier === null ? null : pathOf(from, specifier);
  if (meant === null) return { target: null, found: true };
  const candidates = [meant, meant.replace(/\.js$/, '.ts'), `${meant}.ts`, `${meant}/index.ts`];
  const path = candidates.find((candidate) => tree.has(candidate));
  return { target: placeOf(path ?? meant), found: path !== undefined };
}

function pathOf(from: string, specifier: string): string | null {
  if (/^\.{1,2}(\/|$)/.test(specifier)) return posix.join(posix.dirname(from), specifier);
  const own = ownPackage.exec(specifier)?.[1];
  return own ? `packages/${own}/src/index.ts` : null;
}
