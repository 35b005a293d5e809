import { givesWay, type JobOwner } from '../../../src/auth/passwords/hashing/fair-share.value.js';

/** `a1` stands for the IP address 1 of the network a. */
const ownerOf = (name: string): JobOwner => ({ network: name[0]!, address: name });
const victim = (waiting: string, newcomer: string): number | null =>
  givesWay(waiting === '' ? [] : waiting.split(' ').map(ownerOf), ownerOf(newcomer));

describe('The fair share of a full hash queue', () => {
  it('takes the newest job of the network that has the most', () => {
    expect(victim('a1 b1 a1 a1 b1', 'c1')).toBe(3);
  });

  it('takes from the IP address that has the most within that network', () => {
    expect(victim('a1 a2 a1 a2 a2 a3 b1', 'c1')).toBe(4);
  });

  it('gives a network of many IP addresses no more than one of few', () => {
    expect(victim('a1 a2 a3 a4 b1 b1', 'b1')).toBe(3);
    expect(victim('a1 a2 a3 b1 b1', 'b1')).toBeNull();
  });

  it('protects an IP address from others of its own network', () => {
    expect(victim('a1 a1 a1', 'a2')).toBe(2);
    expect(victim('a1 a1 a1 a2 a2', 'a2')).toBeNull();
  });

  it('takes nothing where the newcomer would then have as many as the one who lost a job had', () => {
    expect(victim('a1 b1 c1', 'd1')).toBeNull();
    expect(victim('a1 a1 b1', 'b1')).toBeNull();
    expect(victim('a1 a1 a1', 'a1')).toBeNull();
    expect(victim('', 'a1')).toBeNull();
  });
});
