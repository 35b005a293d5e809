import { readdir } from 'node:fs/promises';
import { DataSource, type MigrationInterface } from 'typeorm';

const folder = new URL('../../migrations/', import.meta.url);

/** Runs the project's migrations in the empty database at `url`. */
export async function migrateTemplate(url: string): Promise<void> {
  const source = new DataSource({
    type: 'postgres',
    url,
    migrations: await migrations(),
    installExtensions: false,
    uuidExtension: 'pgcrypto',
  });
  await source.initialize();
  try {
    await source.runMigrations();
  } finally {
    await source.destroy();
  }
}

async function migrations(): Promise<(new () => MigrationInterface)[]> {
  const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.ts')).sort();
  const modules = await Promise.all(files.map((file) => import(new URL(file, folder).href)));
  return modules.flatMap((module: Record<string, new () => MigrationInterface>) => Object.values(module));
}
