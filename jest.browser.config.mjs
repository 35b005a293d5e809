import config from './jest.config.mjs';

/** What needs a Chromium (CHROMIUM, or /usr/bin/chromium), so that `npm test` needs nothing but Node. */
export default { ...config, testMatch: ['<rootDir>/test/browser/*.browser.ts'], testTimeout: 120_000, maxWorkers: 1 };
