import { lookup } from 'node:dns';
import { request as requestPlain, type RequestOptions } from 'node:http';
import { request as requestSecure } from 'node:https';
import { BlockList, isIPv6, type LookupFunction } from 'node:net';
import { seconds, type Clock } from '../../protocol/Clock.ts';
import type { PushPort } from '../../services/push/PushPort.ts';
import { allowsPush } from './pushServices.ts';
import { vapidKey } from './vapid.ts';

/** Milliseconds that a push service has to answer. */
const PATIENCE = 10_000;
/** Seconds for which a push service keeps a push for a browser that is off: what is older is news no more. */
const TTL = 24 * 3600;
/** Answers that say that nobody is at an address any more, RFC 8030. */
const GONE = [404, 410];

/** A node's settings for telling browsers of news. */
export interface PushSettings {
  /** Push services that the node may call. */
  readonly services: readonly string[];
  /** `mailto:` or `https:` address of the operator, for push services. */
  readonly contact?: string | undefined;
}

/** Options of `createPushPort`. */
export interface PushPortOptions extends PushSettings {
  /** Secret of the node, 32 bytes, from which its key for push services is derived. */
  readonly secret: Uint8Array;
  readonly clock: Clock;
}

/**
 * Makes a node's way to push services: it calls those that its configuration lists, follows nowhere else, and calls no private
 * address.
 *
 * @param options - Key, list.
 */
export function createPushPort({ secret, clock, services, contact }: PushPortOptions): PushPort {
  const { publicKey, authorization } = vapidKey(secret);
  return {
    key: publicKey,
    allows: (endpoint) => allowsPush(services, endpoint),
    async push(endpoint) {
      if (!allowsPush(services, endpoint)) return 'gone';
      const status = await post(endpoint, authorization(endpoint, seconds(clock), contact));
      if (GONE.includes(status)) return 'gone';
      if (status < 200 || status >= 300) {
        throw new Error(`the push service ${new URL(endpoint).host} answered ${status}`);
      }
      return 'sent';
    },
  };
}

/** Posts nothing to an address, and returns the status; a redirect is an answer like any other. */
async function post(endpoint: string, authorization: string): Promise<number> {
  const isSecure = endpoint.startsWith('https:');
  const options: RequestOptions = {
    method: 'POST',
    headers: { authorization, ttl: TTL, urgency: 'normal', topic: 'news', 'content-length': 0 },
    timeout: PATIENCE,
    signal: AbortSignal.timeout(PATIENCE),
    agent: false,
    ...(isSecure && { lookup: lookupPublic }),
  };
  return await new Promise((resolve, reject) => {
    const call = (isSecure ? requestSecure : requestPlain)(endpoint, options, (answer) => {
      // Nothing of an answer is read.
      answer.destroy();
      resolve(answer.statusCode ?? 0);
    });
    call.on('error', reject);
    call.end();
  });
}

/** Networks at which no push service is: this machine, private and special ones. The second list would have all of IPv4. */
const [PRIVATE4, PRIVATE6] = [new BlockList(), new BlockList()];
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  PRIVATE4.addSubnet(network, prefix, 'ipv4');
}
// Beyond the global addresses there are only special ones.
for (const [network, prefix] of [
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001:db8::', 32],
  ['2002::', 16],
] as const) {
  PRIVATE6.addSubnet(network, prefix, 'ipv6');
}

/**
 * Tells whether an address is of this machine, or of a private or special network.
 *
 * @param address - IPv4 or IPv6.
 */
export function isPrivateAddress(address: string): boolean {
  return isIPv6(address) ? PRIVATE6.check(address, 'ipv6') : PRIVATE4.check(address, 'ipv4');
}

/** Looks up a name, and leaves private addresses out. */
const lookupPublic: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    const open = error === null ? found.filter(({ address }) => !isPrivateAddress(address)) : [];
    const [first] = open;
    if (first === undefined) {
      callback(error ?? new Error(`${hostname} has no public address`), '');
    } else if (options.all === true) callback(null, open);
    else callback(null, first.address, first.family);
  });
};
