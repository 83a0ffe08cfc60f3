import { BlockList, isIPv6 } from 'node:net';
import { networkOf } from './networkOf.ts';

/** An address with a port, as some proxies write it. */
const WITH_PORT = /^(?:\[([^\]]*)\]|([\d.]+)):\d{1,5}$/;

/** Proxies that are trusted to name the caller. */
export class TrustedProxies {
  readonly #list = new BlockList();

  /**
   * @param proxies - Their addresses, or networks such as `10.1.0.0/16`; a text that is neither matches nothing.
   */
  constructor(proxies: readonly string[]) {
    for (const proxy of proxies) {
      const [address = '', length] = proxy.split('/');
      const bits = length === undefined ? undefined : Number(length);
      const family = isIPv6(address) ? 'ipv6' : 'ipv4';
      if (networkOf(address) === undefined || (bits ?? 0) > (family === 'ipv6' ? 128 : 32))
        continue;
      if (bits === undefined) this.#list.addAddress(address, family);
      else this.#list.addSubnet(address, bits, family);
    }
  }

  /** Tells whether an address is that of a proxy. */
  has(address: string): boolean {
    const network = networkOf(address);
    if (network === undefined) return false;
    // An IPv4 address that is written as IPv6 is checked as IPv4.
    if (!network.includes(':')) return this.#list.check(network, 'ipv4');
    return this.#list.check(address.split('%')[0] ?? '', 'ipv6');
  }

  /**
   * Returns the address of the caller. `X-Forwarded-For` counts only on a connection of a proxy, and in it the last
   * address that is not a proxy: the caller may have written those before it.
   *
   * @param remote - The address that the connection comes from.
   * @param forwarded - The header.
   * @returns The address by which the caller's limits are counted.
   */
  callerOf(remote: string, forwarded: string | undefined): string {
    let caller = remote;
    const named = (forwarded ?? '').split(',').toReversed();
    while (this.has(caller)) {
      const next = addressIn(named.shift() ?? '');
      if (next === undefined) break;
      caller = next;
    }
    return networkOf(caller) ?? '';
  }
}

function addressIn(text: string): string | undefined {
  const written = text.trim();
  const [, ipv6, ipv4] = WITH_PORT.exec(written) ?? [];
  const address = ipv6 ?? ipv4 ?? written.replace(/^\[([^\]]*)\]$/, '$1');
  return networkOf(address) === undefined ? undefined : address;
}
