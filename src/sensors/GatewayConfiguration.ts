import { MedsealError } from '../errors/MedsealError.ts';
import { CountBelow, findShapeError } from '../protocol/findShapeError.ts';
import type { Of } from '../protocol/Of.ts';

const PORT = new CountBelow(65_536);

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
  'http?': { port: PORT, 'host?': 'text' },
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
  return configuration;
}

function isPrivate(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'mqtts:' || ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
}

function invalid(key: string, source: string, reason: string): MedsealError {
  return new MedsealError('CONFIGURATION_INVALID', { key, source, reason });
}
