import { randomNonce } from '../../src/sessions/refreshing/refresh-token.value.js';

describe('A nonce', () => {
  it('is of sixteen bytes, never given twice, and stays as it was when more are drawn', () => {
    const nonces = Array.from({ length: 1_000 }, () => {
      const nonce = randomNonce();
      return { nonce, then: nonce.toString('hex') };
    });
    expect(new Set(nonces.map(({ then }) => then)).size).toBe(1_000);
    expect(nonces.filter(({ nonce, then }) => nonce.length !== 16 || nonce.toString('hex') !== then)).toEqual([]);
  });
});
