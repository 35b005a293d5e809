// Lets Node itself load this project's TypeScript, decorators included: `node --import ./test/support/typescript/typescript.mjs x.ts`.
// Jest's own transform reaches neither its globalSetup's imports nor the processes that a spec starts.
import { register } from 'node:module';

register('./typescript.hooks.mjs', import.meta.url);
