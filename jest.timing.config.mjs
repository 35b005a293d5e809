import config from './jest.config.mjs';

/** For `npm run test:timing`, which measures and therefore runs alone. */
export default { ...config, testMatch: ['<rootDir>/test/timing/**/*.timing.ts'], maxWorkers: 1 };
