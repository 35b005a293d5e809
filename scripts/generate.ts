// npm run generate
// Writes the files that are made from the code: docs/openapi.json, .env.example, and the README's table of settings.
import { writeFile } from 'node:fs/promises';
import { generatedFiles } from './generated/files.js';

for (const { path, current, wanted } of await generatedFiles()) {
  if (current === wanted) continue;
  await writeFile(new URL(`../${path}`, import.meta.url), wanted);
  console.log(`wrote ${path}`);
}
