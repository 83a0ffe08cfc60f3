import { MedsealError } from '../errors/MedsealError.ts';
import { CountBelow, findShapeError } from '../protocol/wire/findShapeError.ts';
import type { Of } from '../protocol/struct/Of.ts';

const PORT = new CountBelow(65_536);
/** Names of this machine, for itself alone. */
const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|\[?::1\]?|localhost)$/;

/** Exactly what a gateway's configuration may have; a field that ends with `?` may be absent. */
export const GATEWAY_CONFIGURATION = {
  /** Folder of the spool; only one gateway may use it. */
  spool: 'text',
  /** Broker that devices send to. */
  'mqtt?': {
    /** Address such as `mqtts://broker.example:8883`; a broker on another machine is reached by TLS alone. */
    url: /^mqtts?:\/\/[^/\s]+$/,
    /** Version of MQTT: 5, or 4 for 3.1.1. */
    'version?': new CountBelow(6),
    /** Name of the session that the broker keeps while the gateway is away. */
    'clientId?': 'text',
    'username?': 'text',
    /** File with the password. */
    'password?': 'text',
    /** File with the certificate of the authority that signed the broker's. */
    'ca?': 'text',
    /** File with the gateway's own certificate. */
    'cert?': 'text',
    /** File with the key of that certificate. */
    'key?': 'text',
  },
  /** Door for devices without MQTT. */
  'http?': {
    port: PORT,
    /** Address to listen on; another one than this machine's own is served by TLS alone. */
    'host?': 'text',
    /** File with the certificate of the door, and those that lead from it to its authority. */
    'cert?': 'text',
    /** File with the key of that certificate. */
    'key?': 'text',
    /** File with the certificate of the authority that signed the devices': without one, a device is not let in. */
    'ca?': 'text',
  },
  /** Broker in the gateway itself, on this machine alone: MQTT 3.1.1, for demonstrations. */
  'broker?': { port: PORT },
} as const;

/** Configuration of a gateway. */
export type GatewayConfiguration = Of<typeof GATEWAY_CONFIGURATION>;

/**
 * Parses a gateway's configuration.
 *
 * @param value - Decoded from JSON; not trusted.
 * @param source - Name of its file, for messages.
 * @throws MedsealError `CONFIGURATION_INVALID` naming the setting.
 */
export function parseGatewayConfiguration(value: unknown, source: string): GatewayConfiguration {
  const misfit = findShapeError(GATEWAY_CONFIGURATION, value, '');
  if (misfit !== undefined) {
    // Such as `.http.port is not …`, or ` lacks spool`.
    const [, key, reason = misfit] = /^\.(\S+) (.*)$/.exec(misfit) ?? [];
    throw invalid(key ?? 'file', source, reason.trim());
  }
  const configuration = value as GatewayConfiguration;
  const { mqtt, http, broker } = configuration;
  if (mqtt === undefined && http === undefined && broker === undefined) {
    throw invalid('mqtt', source, 'without it, http or broker, no device reaches the gateway');
  }
  if ((mqtt?.version ?? 5) < 4) throw invalid('mqtt.version', source, 'it must be 4 or 5');
  if (mqtt !== undefined && !isPrivate(mqtt.url)) {
    const reason =
      'a broker on another machine must be mqtts: anyone on the way reads the password';
    throw invalid('mqtt.url', source, reason);
  }
  requirePair('mqtt', mqtt, source);
  requirePair('http', http, source);
  if (http?.ca !== undefined && http.cert === undefined) {
    throw invalid('http.ca', source, 'without cert and key the door has no TLS');
  }
  const { host = '127.0.0.1', cert } = http ?? {};
  if (cert === undefined && !LOOPBACK.test(host)) {
    const reason =
      'devices on other machines are served by TLS alone: give cert and key, or leave out host';
    throw invalid('http.host', source, reason);
  }
  return configuration;
}

/** Requires that certificate and key are given together. */
function requirePair(
  door: 'mqtt' | 'http',
  { cert, key }: { readonly cert?: string; readonly key?: string } = {},
  source: string,
): void {
  if ((cert === undefined) === (key === undefined)) return;
  const [given, lacking] = cert === undefined ? ['key', 'cert'] : ['cert', 'key'];
  throw invalid(`${door}.${given}`, source, `it goes together with ${lacking}`);
}

function isPrivate(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'mqtts:' || LOOPBACK.test(hostname);
}

function invalid(key: string, source: string, reason: string): MedsealError {
  return new MedsealError('CONFIGURATION_INVALID', { key, source, reason });
}
