export { type Person, TestIssuer } from './testing/test-issuer.js';
