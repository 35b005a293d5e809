// ESM-only packages that CommonJS packages require(): Jest cannot do that on Node 20, so they are compiled to CommonJS.
const requiredEsm = ['cookie', 'content-disposition'];

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.spec.ts', '<rootDir>/packages/*/test/**/*.spec.ts'],
  // Ends what hangs, and judges nothing: how long a test takes is the machine's affair.
  testTimeout: 300_000,
  maxWorkers: 2,
  // Each suite leaves modules behind that Jest does not let go: past this a worker begins anew, or the last suites wait for its garbage.
  workerIdleMemoryLimit: '1GB',
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json', 'node'],
  moduleNameMapper: {
    '^@auth-service/guard$': '<rootDir>/packages/guard/src/index.ts',
    '^@auth-service/guard/(core|testing)$': '<rootDir>/packages/guard/src/$1.ts',
    '^@auth-service/bcrypt-lanes$': '<rootDir>/packages/bcrypt-lanes/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': '@swc/jest',
    [`/node_modules/(${requiredEsm.join('|')})/.+\\.js$`]: [
      '@swc/jest',
      { swcrc: false, jsc: { target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${requiredEsm.join('|')})/)`],
  globalSetup: '<rootDir>/test/support/jest/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/jest/global-teardown.mjs',
  collectCoverageFrom: ['<rootDir>/src/**/*.ts', '<rootDir>/packages/*/src/**/*.ts', '!<rootDir>/src/main.ts'],
  coverageProvider: 'v8',
  coverageDirectory: 'coverage',
};
