import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { secretBytes } from '../config/formats.js';

const SECRET_FILE = 'auth-secret';

/** `DATA_DIR` cannot be used. The message tells the operator what is wrong and what to do. */
export class DataFolderUnusable extends Error {}

/** Reads the secret in `dataDir`, or creates it. If two processes do so at once, both get the same one. */
export async function localSecret(dataDir: string): Promise<Buffer> {
  const file = path.resolve(dataDir, SECRET_FILE);
  const text = await readOrMake(file).catch((error: NodeJS.ErrnoException) => {
    throw new DataFolderUnusable(
      `Cannot read or create the secret in ${file} (${error.code}). Set DATA_DIR to a folder that this user can write to.`,
    );
  });
  const secret = secretBytes(text.trim());
  if (secret) return secret;
  throw new DataFolderUnusable(
    `${file} does not hold a valid secret. Delete it to start over; this ends every session.`,
  );
}

async function readOrMake(file: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  const fresh = randomBytes(32).toString('base64url');
  await writeFile(file, fresh, { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return readFile(file, 'utf8');
}
