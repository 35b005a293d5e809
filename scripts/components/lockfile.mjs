import { readFileSync } from 'node:fs';

/**
 * What the lockfile says of a package, as npm writes it (`lockfileVersion` 3).
 *
 * @typedef {object} Entry
 * @property {string} [name] where it differs from the folder's
 * @property {string} [version]
 * @property {string} [license] an SPDX expression, if the package's author gave one
 * @property {string} [integrity]
 * @property {boolean} [link]
 * @property {boolean} [dev] only for development
 * @property {boolean} [devOptional] only for development, or for an optional package
 * @property {boolean} [optional] the service starts without it
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {Record<string, string>} [peerDependencies]
 */

/**
 * A package of others that this project installs.
 *
 * @typedef {object} Component
 * @property {string} path its folder in the project
 * @property {string} name
 * @property {string} version
 * @property {string | null} licence an SPDX expression
 * @property {string | undefined} integrity
 * @property {'required' | 'optional' | 'development'} scope
 * @property {string[]} needs the paths of those it depends on
 */

/** @typedef {{ lockfileVersion: number, packages: Record<string, Entry> }} Lockfile */

/** Old packages that say in their own files what they do not say to npm; each was read. */
const READ_IN_THEIR_FILES = new Map([
  ['passport-strategy@1.0.0', 'MIT'],
  ['pause@0.0.1', 'MIT'],
  ['busboy@1.6.0', 'MIT'],
  ['streamsearch@1.1.0', 'MIT'],
  ['xmlhttprequest-ssl@2.1.2', 'MIT'],
]);

/** @returns {Lockfile} */
export function readLockfile(/** @type {string | URL} */ file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** @returns {Component[]} everything that is not of this repository, sorted by its folder */
export function componentsOf(/** @type {Lockfile} */ { lockfileVersion, packages }) {
  if (lockfileVersion !== 3) throw new Error(`a lockfile of version ${lockfileVersion} is not understood`);
  return Object.entries(packages)
    .filter(([path, entry]) => path.includes('node_modules/') && !entry.link)
    .map(([path, entry]) => componentOf(path, entry, packages))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** @returns {Component} */
function componentOf(
  /** @type {string} */ path,
  /** @type {Entry} */ entry,
  /** @type {Lockfile['packages']} */ packages,
) {
  const name = entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  if (!entry.version) throw new Error(`${path} has no version`);
  return {
    path,
    name,
    version: entry.version,
    licence: entry.license ?? READ_IN_THEIR_FILES.get(`${name}@${entry.version}`) ?? null,
    integrity: entry.integrity,
    scope: entry.dev || entry.devOptional ? 'development' : entry.optional ? 'optional' : 'required',
    needs: needsOf(path, entry, packages),
  };
}

/** @returns {string[]} the folders in which Node finds what a package depends on; what is not installed is left out */
export function needsOf(
  /** @type {string} */ path,
  /** @type {Entry} */ entry,
  /** @type {Lockfile['packages']} */ packages,
) {
  const names = Object.keys({ ...entry.peerDependencies, ...entry.optionalDependencies, ...entry.dependencies });
  return names.flatMap((name) => {
    const found = placesOf(path, name).find((place) => packages[place]);
    return found ? [packages[found]?.link ? linkedTo(found, packages) : found] : [];
  });
}

/** @returns {string[]} `node_modules` by `node_modules`, from inside a package's folder up to the project's own */
function placesOf(/** @type {string} */ path, /** @type {string} */ name) {
  const folders = [path];
  for (let at = path; at.includes('/node_modules/');)
    folders.push((at = at.slice(0, at.lastIndexOf('/node_modules/'))));
  return [...new Set([...folders, ''])].map((folder) => `${folder ? `${folder}/` : ''}node_modules/${name}`);
}

/** A workspace's folder: it is of this repository. */
function linkedTo(/** @type {string} */ path, /** @type {Lockfile['packages']} */ packages) {
  return /** @type {{ resolved?: string }} */ (packages[path]).resolved ?? path;
}
