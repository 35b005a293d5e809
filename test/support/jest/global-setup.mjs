// Plain JavaScript, for Jest loads it with Node's own import; from here on TypeScript works.
import '../typescript/typescript.mjs';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const bcryptLanes = fileURLToPath(new URL('../../../packages/bcrypt-lanes', import.meta.url));

export default async function globalSetup() {
  // The one package that is needed built: the threads of the hash pool import it, and Jest transforms nothing in a thread.
  execFileSync(process.execPath, [tsc, '--build', bcryptLanes], { stdio: 'inherit' });
  const { openTestServer } = await import('../database/test-server.js');
  await openTestServer();
}
