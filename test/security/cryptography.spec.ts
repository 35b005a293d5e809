import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { readImports } from '../support/architecture/imports.js';
import { readTree } from '../support/architecture/read-tree.js';
import { linksOf } from './support/asvs-page.js';

const repository = path.join(import.meta.dirname, '../..');
const page = readFileSync(path.join(repository, 'docs/security/cryptography.md'), 'utf8');

const OURS = /^(src|packages\/[a-z-]+\/src)\//;
const PACKAGES = ['node:crypto', 'crypto', 'jsonwebtoken', 'passport-jwt', '@nestjs/jwt', 'bcryptjs', 'bcrypt', 'jose'];

const tree = readTree(repository);

/** What is imported to compute with: the names of types are left out, as is the fact that a type is all that is taken. */
async function takeInventory(): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const [file, text] of await tree) {
    if (!OURS.test(file)) continue;
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const names = readImports(source)
      .filter(({ specifier }) => PACKAGES.includes(specifier ?? ''))
      .flatMap(({ names: taken, specifier }) => (specifier === 'node:crypto' ? taken : [specifier!]));
    const used = [...new Set(names)].filter((name) => name !== 'KeyObject').sort();
    if (used.length > 0) found.set(file, used);
  }
  return found;
}

const taken = takeInventory();

describe('The inventory of cryptography', () => {
  const rows = page
    .split('\n')
    .filter((line) => line.startsWith('| ') && line.includes(']('))
    .flatMap((line) => linksOf(line).map(({ target }) => path.posix.join('docs/security', target)));

  it('names every file that computes anything cryptographic, and no other', async () => {
    const found = await taken;
    expect(found.size).toBeGreaterThan(15);
    expect([...found.get('src/platform/secrets/secret-ring.value.ts')!]).toContain('hkdfSync');
    const inCode = rows.filter((file) => OURS.test(file));
    expect([...new Set(inCode)].sort()).toEqual([...found.keys()].sort());
    expect(rows.filter((file) => !existsSync(path.join(repository, file)))).toEqual([]);
  });

  it('holds no function but these', async () => {
    const used = new Set([...(await taken).values()].flat());
    expect([...used].sort()).toEqual(
      [
        ...['createHash', 'createHmac', 'hkdfSync', 'createCipheriv', 'createDecipheriv', 'timingSafeEqual'],
        ...['randomBytes', 'randomFillSync', 'randomInt', 'randomUUID'],
        ...['generateKeyPairSync', 'createPrivateKey', 'createPublicKey', 'createSecretKey'],
        ...['jsonwebtoken', 'passport-jwt', '@nestjs/jwt', 'bcryptjs'],
      ].sort(),
    );
  });

  const filesThatName = async (algorithm: string): Promise<string[]> => {
    const files = [...(await tree)].filter(([file]) => OURS.test(file));
    const named = new RegExp(`['"\`-]${algorithm}['"\`]`, 'i');
    expect(files.length).toBeGreaterThan(150);
    return files.filter(([, text]) => named.test(text)).map(([file]) => file);
  };

  it.each(['md5', 'des', 'rc4', 'ecb', 'cbc', 'HS256', 'PS256', 'RS256'])('has no %s in the code', async (weak) => {
    expect(await filesThatName(weak)).toEqual([]);
  });

  it('has SHA-1 where the lists of others are made of it, and nowhere else', async () => {
    expect(await filesThatName('sha-?1')).toEqual(['src/auth/passwords/breach-range.value.ts']);
  });
});
