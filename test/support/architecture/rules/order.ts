import { folders, layers, otherRoles, rootFiles, shownToOtherRooms } from '../house.js';
import type { Place, SourceFile } from '../model.js';
import { eachImport, isInLayeredRoom, type Rule } from '../rule.js';

/** Every file of `src/` lies in a room of the list, or is one of the few beside them. */
const knownPlace: Rule = (file) => {
  if (file.area !== 'src' || rootFiles.includes(file.path)) return [];
  return file.folder !== null && folders.includes(file.folder) ? [] : ['lies in no known room of src'];
};

/** Between rooms: only to the left. */
const folderOrder: Rule = eachImport((file, { target }) => {
  if (file.folder === null || target?.area !== 'src' || target.folder === file.folder) return false;
  return target.folder === null || folders.indexOf(target.folder) > folders.indexOf(file.folder);
});

/** Within a room and from room to room: only from the own layer or a lower one. */
const layerOrder: Rule = eachImport((file, { target }) => {
  if (!isInLayeredRoom(file) || !target || !isInAnyLayeredRoom(target)) return false;
  return file.height !== null && target.height !== null && target.height > file.height;
});

/** What speaks to the caller asks a service, never the repository below it. */
const throughTheService: Rule = eachImport((file, { target }) => {
  return isInLayeredRoom(file) && speaksToCallers(file) && target?.role === 'repository';
});

/** From room to room one sees services, entities, errors, values and modules; what speaks to callers also a `dto`. */
const visibility: Rule = eachImport((file, { target }) => {
  if (file.area !== 'src' || !target || !isInAnyLayeredRoom(target) || target.folder === file.folder) return false;
  return !mayBeSeen(target, file);
});

/** The modules of `app.module.ts` stand in the order of the rooms, lowest first. */
const lowestModuleFirst: Rule = (file) => {
  if (file.path !== 'src/app.module.ts') return [];
  const modules = file.imports.flatMap(({ target }) =>
    target?.role === 'module' && target.folder ? [target.folder] : [],
  );
  const heights = modules.map((folder) => folders.indexOf(folder));
  return modules
    .filter((_, i) => i > 0 && (heights[i - 1] ?? 0) > (heights[i] ?? 0))
    .map((name) => `${name} comes too late`);
};

function isInAnyLayeredRoom(place: Place): boolean {
  return place.area === 'src' && place.folder !== null && place.folder !== 'platform';
}

function mayBeSeen(target: Place, from: SourceFile): boolean {
  const role = target.role ?? '';
  if (Object.hasOwn(otherRoles, role)) return false;
  return shownToOtherRooms.includes(role) || (role === 'dto' && speaksToCallers(from));
}

function speaksToCallers({ height }: SourceFile): boolean {
  return height === layers.indexOf('dto') || height === layers.indexOf('controller');
}

export const orderRules = { knownPlace, folderOrder, layerOrder, throughTheService, visibility, lowestModuleFirst };
