import { BlockList, isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

const MAPPED = /^::ffff:(?=\d+\.)/i;
/** Some proxies write the port, too. */
const WITH_PORT = /^(?:(?<v4>[\d.]+):\d+|\[(?<v6>[^\]]+)\](?::\d+)?)$/;

/**
 * The caller's IP address, an IPv4 one in its own form. Behind a trusted proxy it comes from `X-Forwarded-For`, whose entries
 * may be any text when the proxy hands on what it was sent; then the peer's own address is all that is known.
 */
export function clientAddress(request: FastifyRequest): string | null {
  return (addressIn(request.ip) ?? request.raw.socket.remoteAddress)?.replace(MAPPED, '') ?? null;
}

/**
 * Which of the entries of `X-Forwarded-For`, read from right to left, are proxies of ours.
 * @param ranges addresses and CIDR ranges
 */
export function proxiesIn(ranges: readonly string[]): (entry: string | undefined) => boolean {
  const trusted = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    trusted.addSubnet(address, bits === undefined ? (family === 'ipv4' ? 32 : 128) : Number(bits), family);
  }
  return (entry) => {
    const address = entry === undefined ? null : addressIn(entry);
    return address !== null && trusted.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
  };
}

/** @returns null when it is none */
function addressIn(entry: string): string | null {
  if (isIP(entry) !== 0) return entry;
  const { v4, v6 } = WITH_PORT.exec(entry)?.groups ?? {};
  const address = v4 ?? v6 ?? '';
  return isIP(address) === 0 ? null : address;
}
