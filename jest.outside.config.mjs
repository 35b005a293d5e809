import config from './jest.config.mjs';

/** What needs a program from outside, a Chromium (CHROMIUM, or /usr/bin/chromium) or curl: `npm test` needs nothing but Node. */
export default { ...config, testMatch: ['<rootDir>/test/outside/*.outside.ts'], maxWorkers: 1 };
