import { generatedFiles } from '../scripts/generated/files.js';

describe('npm run generate', () => {
  it.each(['docs/openapi.json', '.env.example', 'README.md', 'packages/bcrypt-lanes/src/kernel.wasm.ts'])(
    'would leave %s as it is',
    async (path) => {
      const file = (await generatedFiles()).find((one) => one.path === path);
      expect(file?.current).toBe(file?.wanted);
    },
  );
});
