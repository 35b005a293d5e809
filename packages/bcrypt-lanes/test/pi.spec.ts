import { createHash } from 'node:crypto';
import { fractionOfPi } from '../generator/pi.js';

describe('The digits of pi', () => {
  it('begin as Blowfish’s P array does', () => {
    const words = [...fractionOfPi(4)].map((word) => word.toString(16).padStart(8, '0'));
    expect(words).toEqual(['243f6a88', '85a308d3', '13198a2e', '03707344']);
  });

  it('are Blowfish’s 1,042 words to the last bit', () => {
    const bytes = Buffer.alloc(1_042 * 4);
    fractionOfPi(1_042).forEach((word, i) => bytes.writeUInt32BE(word, i * 4));
    expect(bytes.subarray(-4).toString('hex')).toBe('3ac372e6');
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(
      'b5643208907b11b20e499a42187dc921f9579d28dadfccbe69a5ce232a55952f',
    );
  });

  it('do not depend on how many are asked for', () => {
    expect(fractionOfPi(1_042).slice(0, 100)).toEqual(fractionOfPi(100));
  });
});
