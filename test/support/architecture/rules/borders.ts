import type { Place } from '../model.js';
import { eachImport, type Rule } from '../rule.js';

const databaseOfPlatform = /^src\/platform\/database[./-]/;

/** What other apps install knows nothing of the service. */
const guardStandsAlone: Rule = eachImport((file, { target }) => {
  return file.area === 'package' && target !== null && rootOf(target) !== rootOf(file);
});

/** `src` imports nothing of the tests, the tools or `ormconfig.ts`, and the guard by its name only. */
const srcStandsAlone: Rule = eachImport((file, { specifier, target }) => {
  if (file.area !== 'src' || !target || target.area === 'src' || target.area === 'migrations') return false;
  return specifier?.startsWith('.') ?? true;
});

/** Of all `src`, only the platform's database knows the migrations. */
const migrationsFromDatabaseOnly: Rule = eachImport((file, { target }) => {
  return file.area === 'src' && target?.area === 'migrations' && !databaseOfPlatform.test(file.path);
});

/** A merged migration never changes, so it leans on nothing that may. */
const migrationsStandAlone: Rule = eachImport((file, { target }) => {
  return file.area === 'migrations' && target !== null && target.area !== 'migrations';
});

/** `ormconfig.ts` sees the shape of the data and how to reach it, nothing else. */
const ormconfigSeesDataOnly: Rule = eachImport((file, { target }) => {
  if (file.area !== 'ormconfig' || !target || target.area === 'migrations') return false;
  return target.folder !== 'platform' && target.role !== 'entity';
});

function rootOf(place: Place): string {
  return place.path.split('/').slice(0, 3).join('/');
}

export const borderRules = {
  guardStandsAlone,
  srcStandsAlone,
  migrationsFromDatabaseOnly,
  migrationsStandAlone,
  ormconfigSeesDataOnly,
};
