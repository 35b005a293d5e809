import { DigestSet } from '../../../src/auth/registration/digest-set.value.js';

const COUNT = 200_000;

describe('A set of digests', () => {
  it('knows what was added, once or twice, and nothing else, however much it grows', () => {
    const texts = new DigestSet();
    for (let i = 0; i < COUNT; i++) texts.add(`${i}@example.com`);
    for (let i = 0; i < COUNT; i += 2) texts.add(`${i}@example.com`);
    let missed = 0;
    let mistaken = 0;
    for (let i = 0; i < COUNT; i++) {
      if (!texts.has(`${i}@example.com`)) missed += 1;
      if (texts.has(`${i}@example.org`)) mistaken += 1;
    }
    expect({ missed, mistaken }).toEqual({ missed: 0, mistaken: 0 });
  });
});
