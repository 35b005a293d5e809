export default async function globalTeardown() {
  // The same module as in global-setup.mjs: what it opened, it closes.
  const { closeTestServer } = await import('../database/test-server.js');
  await closeTestServer();
}
