import { BlockList, isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

const MAPPED = /^::ffff:(?=\d+\.)/i;
/** Some proxies include the port. */
const WITH_PORT = /^(?:(?<v4>[\d.]+):\d+|\[(?<v6>[^\]]+)\](?::\d+)?)$/;

/**
 * The caller's IP address; an IPv4-mapped one is returned as IPv4. Behind a trusted proxy it is taken from `X-Forwarded-For`. If
 * that entry is not an IP address, because the proxy passes on what it was sent, the peer's address is used.
 */
export function clientAddress(request: FastifyRequest): string | null {
  return (addressIn(request.ip) ?? request.raw.socket.remoteAddress)?.replace(MAPPED, '') ?? null;
}

/** Tells which entries of `X-Forwarded-For` are trusted proxies. */
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

/** @returns the IP address in an entry, without a port, or null */
function addressIn(entry: string): string | null {
  if (isIP(entry) !== 0) return entry;
  const { v4, v6 } = WITH_PORT.exec(entry)?.groups ?? {};
  const address = v4 ?? v6 ?? '';
  return isIP(address) === 0 ? null : address;
}
