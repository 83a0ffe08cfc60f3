import { connect, type MqttClient } from 'mqtt';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Address } from '../../protocol/ids.ts';
import { KEYS_TOLD } from '../../protocol/sensors/DeviceKeys.ts';
import { parseJsonOf } from '../../protocol/wire/parseJsonOf.ts';
import { brokerError } from '../transport/brokerError.ts';
import { topicOf } from '../transport/deviceTopics.ts';
import {
  BATCH_HEARD,
  BINDING_HEARD,
  ERROR_HEARD,
  type SensorEars,
  type SensorLine,
} from './SensorLine.ts';

/** Connection of a device beside its door. */
export interface MqttLineOptions {
  /** Certificate in PEM of the authority that signed the broker's. */
  readonly ca?: string;
  /** The device's own certificate in PEM. */
  readonly cert?: string;
  /** Key of that certificate in PEM. */
  readonly key?: string;
  /** Ends the attempt to connect. */
  readonly signal?: AbortSignal;
}

/**
 * Opens a device's line to its gateway over MQTT 3.1.1, with a connection of its own as real devices have it. It connects
 * again by itself.
 *
 * @param door - Address of the broker; it may hold a name and a password.
 * @param device - Address of the device.
 * @param ears - Hear what the gateway says; what is of no form is passed over.
 * @param options - Certificates, and a signal.
 * @throws MedsealError `PEER_UNREACHABLE`, `PEER_UNTRUSTED` or `PEER_REFUSES` if there is no connection.
 */
export async function openMqttLine(
  door: string,
  device: Address,
  ears: SensorEars,
  { signal, ...tls }: MqttLineOptions = {},
): Promise<SensorLine> {
  const own = { protocolVersion: 4, clientId: device, resubscribe: false } as const;
  const client = connect(door, { ...own, ...tls });
  await untilConnected(client, signal).catch((cause: unknown) => {
    client.end(true);
    throw brokerError(door, cause);
  });
  const topics = {
    binding: topicOf(device, 'binding'),
    told: topicOf(device, 'acknowledged'),
    keys: topicOf(device, 'keys'),
    failed: topicOf(device, 'error'),
  };
  client.on('message', (topic, bytes) => {
    const text = bytes.toString();
    try {
      if (topic === topics.binding) ears.bound(parseJsonOf(BINDING_HEARD, text, malformed));
      if (topic === topics.told) ears.told(parseJsonOf(BATCH_HEARD, text, malformed));
      if (topic === topics.keys) ears.keys?.(parseJsonOf(KEYS_TOLD, text, malformed));
      if (topic === topics.failed) ears.failed(parseJsonOf(ERROR_HEARD, text, malformed));
    } catch (error) {
      if (!(error instanceof MedsealError)) throw error;
    }
  });
  // It connects again by itself.
  client.on('error', () => undefined);
  const listen = async (): Promise<void> => {
    await client.subscribeAsync(Object.values(topics), { qos: 1 });
  };
  await listen();
  client.on('connect', () => {
    void listen().then(
      () => ears.reopened(),
      () => undefined,
    );
  });
  const publish = (topic: string, message: string | Uint8Array): void => {
    const payload = typeof message === 'string' ? message : Buffer.from(message);
    client.publish(topic, payload, { qos: 1 }, () => undefined);
  };
  return {
    ask: (question) => publish(topicOf(device, 'ask'), question),
    announce: (hello) => publish(topicOf(device, 'hello'), hello),
    send: ({ bytes }) => publish(topicOf(device, 'readings'), bytes),
    close: async () => await client.endAsync(true),
  };
}

/** Waits for the first connection. */
async function untilConnected(client: MqttClient, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  client.once('connect', () => resolve());
  client.once('error', reject);
  client.once('close', () => reject(new Error('the connection was closed')));
  const stop = (): void => reject(new Error('it was stopped'));
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted === true) stop();
  try {
    await promise;
  } finally {
    signal?.removeEventListener('abort', stop);
    client.removeListener('error', reject);
  }
}

function malformed(): MedsealError {
  return new MedsealError('PEER_MALFORMED', { what: 'answer' });
}
