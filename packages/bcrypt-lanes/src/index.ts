export { digests } from './digest.js';
export { compare, hash } from './hash.js';
export type { BcryptJob } from './job.js';
export { LANES } from './layout.js';
export { selfTest } from './self-test.js';
export { formatHash, parseHash, type BcryptHash, type BcryptVersion } from './text.js';
