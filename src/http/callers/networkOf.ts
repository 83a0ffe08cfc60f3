import { isIPv4, isIPv6 } from 'node:net';

const MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/**
 * Returns the address by which a caller's limits are counted: an IPv4 address as it is, also if it is written as IPv6, and
 * the first 64 bits of an IPv6 address, because one caller has all addresses that share them.
 *
 * @param address - An IP address, such as `2001:db8::1`.
 * @returns Such as `192.0.2.1` or `2001:db8:0:0::/64`; undefined if it is not an IP address.
 */
export function networkOf(address: string): string | undefined {
  if (isIPv4(address)) return address;
  const [plain = ''] = address.split('%');
  if (!isIPv6(plain)) return undefined;
  // A URL spells every address in one way.
  const spelt = new URL(`http://[${plain}]`).hostname.slice(1, -1);
  const [, high, low] = MAPPED.exec(spelt) ?? [];
  if (high !== undefined && low !== undefined) return ipv4Of(high, low);
  const [before = '', after] = spelt.split('::');
  const first = groupsOf(before);
  const last = after === undefined ? [] : groupsOf(after);
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => '0');
  return `${[...first, ...zeros, ...last].slice(0, 4).join(':')}::/64`;
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

function ipv4Of(high: string, low: string): string {
  const number = Number.parseInt(high, 16) * 2 ** 16 + Number.parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
}
