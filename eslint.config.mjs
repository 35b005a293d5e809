import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

// Deliberately without consistent-type-imports: its fix turns the import of an injected class or of a request's class
// into `import type`, which compiles and then silently breaks Nest's injection and validation.

const weakRandom = {
  object: 'Math',
  property: 'random',
  message: 'It can be predicted: take node:crypto (randomBytes, randomInt, randomUUID).',
};

const weakHash = [
  {
    selector: 'CallExpression[callee.name=/^(createHash|createHmac|hash)$/] > Literal[value=/^(md5|sha-?1)$/i]',
    message: 'MD5 and SHA-1 are broken: take sha256 or better.',
  },
  {
    selector:
      'CallExpression[callee.property.name=/^(createHash|createHmac|hash)$/] > Literal[value=/^(md5|sha-?1)$/i]',
    message: 'MD5 and SHA-1 are broken: take sha256 or better.',
  },
];

export default defineConfig(
  globalIgnores(['**/dist/', 'coverage/', '.data/', 'bench/peers/tutorial/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true } },
  js.configs.recommended,
  { rules: { eqeqeq: 'error', 'no-unused-vars': ['error', { ignoreRestSiblings: true }] } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      // Node's test runner waits for its tests itself.
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: [{ from: 'package', package: 'node:test', name: ['test'] }] },
      ],
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/no-unnecessary-condition': 'error',
      // An async function without await still turns what it throws into a rejection, as its callers expect.
      '@typescript-eslint/require-await': 'off',
      // `${number}` says what it means; everything else keeps the rule.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // A Nest module is a class with nothing but its decorator.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
    },
  },
  {
    files: ['src/**', 'packages/*/src/**', 'migrations/**', 'ormconfig.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-properties': ['error', weakRandom],
      'no-restricted-syntax': ['error', ...weakHash],
    },
  },
  // The ranges of breached passwords are made of SHA-1: it finds, and protects nothing.
  { files: ['src/auth/passwords/breach-range.value.ts'], rules: { 'no-restricted-syntax': 'off' } },
  // Jest's asymmetric matchers (`expect.any`) are typed any.
  { files: ['test/**', 'packages/*/test/**'], rules: { '@typescript-eslint/no-unsafe-assignment': 'off' } },
  // The few plain lines at the start are printed for a person, before anything is logged.
  { files: ['src/platform/startup/startup.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'console',
          'fetch',
          'process',
          'setTimeout',
          'clearTimeout',
          'URL',
          'AbortSignal',
          'performance',
          'Buffer',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
);
