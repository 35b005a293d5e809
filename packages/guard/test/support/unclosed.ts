import { createVerifier } from '../../src/core.js';

// A program of its own: it follows the feed of the issuer it is given, and forgets to close it.
const { revocations } = createVerifier({ issuer: process.argv[2] ?? '' });
await revocations.start();
process.stdout.write(revocations.state.status);
