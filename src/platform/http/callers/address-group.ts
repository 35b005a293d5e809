/**
 * The addresses that count as one caller: a single IPv4 address, or an IPv6 /64, because every host can use a whole /64. An
 * IPv4-mapped IPv6 address counts as the IPv4 address.
 *
 * @param address an IP address in any notation; null if unknown
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
 * The network of an address, from which one party may own many addresses: an IPv4 /24, or an IPv6 /48, the size assigned to a
 * site (RFC 6177).
 */
export function addressNetwork(address: string | null): string {
  const group = addressGroup(address);
  if (!group.includes(':')) return group.replace(/\.\d+$/, '.0/24');
  return `${group.split(':').slice(0, 3).join(':')}::/48`;
}

/** The eight 16-bit words of an IPv6 address. The URL parser normalizes all notations. */
function wordsOf(address: string): number[] {
  const [bare = ''] = address.split('%', 1);
  const [head = '', tail] = new URL(`http://[${bare}]`).hostname.slice(1, -1).split('::');
  const read = (text: string | undefined): number[] => (text ? text.split(':').map((word) => parseInt(word, 16)) : []);
  const [before, after] = [read(head), read(tail)];
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}
