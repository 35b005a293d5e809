import { HashSpeed } from '../../../src/auth/passwords/hashing/hash-speed.value.js';

function learnt(size: number, cost: number, millis: number): HashSpeed {
  const speed = new HashSpeed();
  for (let i = 0; i < 100; i++) speed.learn(size, cost, millis);
  return speed;
}

describe('The speed of the hash pool', () => {
  it('is learnt from lone hashes', () => {
    expect(learnt(1, 10, 50).millisFor([10, 10], 1, 1)).toBeCloseTo(100);
  });

  it('is learnt from batches', () => {
    expect(learnt(3, 12, 260).millisFor([12, 12, 12], 3, 1)).toBeCloseTo(260);
  });

  it('doubles with each step of cost', () => {
    expect(learnt(1, 10, 50).millisFor([12], 1, 1)).toBeCloseTo(200);
    expect(learnt(1, 12, 200).millisFor([10], 1, 1)).toBeCloseTo(50);
  });

  it('is that of all workers together', () => {
    expect(learnt(1, 10, 50).millisFor([10, 10, 10, 10], 1, 2)).toBeCloseTo(100);
  });

  it('follows a machine that becomes slower', () => {
    const speed = learnt(3, 10, 60);
    for (let i = 0; i < 10; i++) speed.learn(3, 10, 600);
    expect(speed.millisFor([10, 10, 10], 3, 1)).toBeGreaterThan(500);
  });

  it('is guessed before anything is known', () => {
    const guess = new HashSpeed().millisFor([10], 1, 1);
    expect(guess).toBeGreaterThan(20);
    expect(guess).toBeLessThan(200);
  });
});
