import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** @returns {string[]} `name@version` of each package that lies in a folder's `node_modules`, links left out */
export function installedIn(/** @type {string} */ folder) {
  const modules = path.join(folder, 'node_modules');
  if (!existsSync(modules)) return [];
  return foldersIn(modules).flatMap((name) => {
    if (name.startsWith('@'))
      return foldersIn(path.join(modules, name)).flatMap((sub) => packagesIn(path.join(modules, name, sub)));
    return name.startsWith('.') ? [] : packagesIn(path.join(modules, name));
  });
}

function foldersIn(/** @type {string} */ folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

/** A package and those inside it. */
function packagesIn(/** @type {string} */ folder) {
  const { name, version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return [`${name}@${version}`, ...installedIn(folder)];
}
