/**
 * What one caller may own of the addresses: an IPv4 address is one, an IPv6 network of 64 bits is one, since every host has
 * that many at will. An IPv4 address in the form of an IPv6 one is the same address.
 *
 * @param address an IP address in any of its spellings; null: not known
 */
export function addressGroup(address: string | null): string {
  if (!address?.includes(':')) return address ?? 'unknown';
  const words = wordsOf(address);
  const mapped = words.slice(0, 6).join() === '0,0,0,0,0,65535';
  if (mapped)
    return words
      .slice(6)
      .flatMap((word) => [word >> 8, word & 0xff])
      .join('.');
  return `${words
    .slice(0, 4)
    .map((word) => word.toString(16))
    .join(':')}::/64`;
}

/**
 * The network that an address belongs to, of which somebody may own many addresses: 24 bits of IPv4, or 48 of IPv6 (RFC 6177:
 * what a site is given).
 */
export function addressNetwork(address: string | null): string {
  const group = addressGroup(address);
  if (!group.includes(':')) return group.replace(/\.\d+$/, '.0/24');
  return `${group.split(':').slice(0, 3).join(':')}::/48`;
}

/** The eight 16-bit words of an IPv6 address. The URL parser knows all spellings, and leaves one. */
function wordsOf(address: string): number[] {
  const [bare = ''] = address.split('%', 1);
  const [head = '', tail] = new URL(`http://[${bare}]`).hostname.slice(1, -1).split('::');
  const read = (text: string | undefined): number[] => (text ? text.split(':').map((word) => parseInt(word, 16)) : []);
  const [before, after] = [read(head), read(tail)];
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}
