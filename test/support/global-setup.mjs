// Plain JavaScript, for Jest loads it with Node's own import; from here on TypeScript works.
import './typescript.mjs';

export default async function globalSetup() {
  const { openTestServer } = await import('./test-server.js');
  await openTestServer();
}
