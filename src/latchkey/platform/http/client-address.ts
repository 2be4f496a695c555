import { isIP } from 'node:net';

export const UNKNOWN_ADDRESS = '0.0.0.0';

/** As some proxies write it, who tell the port as well (RFC 7239 section 6): IPv6 in brackets. */
const WITH_PORT = /^(?:\[(?<ipv6>[^\]]+)\]|(?<ipv4>[\d.]+))(?::\d+)?$/;

/** An address as Postgres' `inet` takes it: IPv4 as such when mapped into IPv6, no port and no zone. */
export function clientAddress(address = ''): string {
  const { ipv6, ipv4 } = WITH_PORT.exec(address)?.groups ?? {};
  const plain = (ipv6 ?? ipv4 ?? address).replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '');
  return isIP(plain) === 0 ? UNKNOWN_ADDRESS : plain;
}
