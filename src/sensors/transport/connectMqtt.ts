import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { bytesToUtf8 } from '../../crypto/bytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import { LONGEST_MESSAGE } from '../../protocol/sensors/ReadingsMessage.ts';
import type { DeviceRight } from '../gateway/ReadingsAuthor.ts';
import type { SensorGateway } from '../gateway/SensorGateway.ts';
import type { BatchEnd } from '../spool/ReadingsSpool.ts';
import { brokerError } from './brokerError.ts';
import { bindingOf, errorToldOf, type BatchTold, type ErrorTold } from './deviceAnswers.ts';
import { GATEWAY_FILTERS, parseDeviceTopic, topicOf } from './deviceTopics.ts';
import { handleSideBySide } from './handleSideBySide.ts';
import { KeptBindings } from './KeptBindings.ts';

/** Errors that devices are told each second, at most: senders of nonsense get no echo. */
const ERRORS_PER_SECOND = 100;
/** Messages that the broker may send before the first of them is on disk. */
const AHEAD = 1000;
/** Bytes that a topic and a packet's head take beside the message, at most. */
const LONGEST_HEAD = 65_600;

/** A gateway as its transports need it. */
export type GatewayOfDevices = Pick<
  SensorGateway,
  'take' | 'announce' | 'keysFor' | 'knows' | 'rightOf' | 'stateOf'
>;

/** Connection of a gateway to a broker. */
export interface MqttTransport {
  /** Tells a device that its batch has ended. */
  tellEnd(device: Address, digest: Bytes32, end: BatchEnd): void;
  /** Tells a device its right; the broker keeps it for the device. */
  tellBinding(device: Address, right: DeviceRight): void;
  /** Takes back a right that is over, if the broker keeps it, and tells the device so. */
  tellOver(right: DeviceRight): void;
  close(): Promise<void>;
}

/** Address of a broker, and what it asks for. */
export interface BrokerAddress {
  /** Address such as `mqtts://broker.example:8883`. */
  readonly url: string;
  /** Version of MQTT: 5, or 4 for 3.1.1. */
  readonly version: 4 | 5;
  /** Name of the session that the broker keeps while the gateway is away. */
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
  /** Certificate in PEM of the authority that signed the broker's. */
  readonly ca?: string;
  /** The gateway's own certificate in PEM. */
  readonly cert?: string;
  /** Key of that certificate in PEM. */
  readonly key?: string;
}

/**
 * Connects to a broker and takes what devices send there. A message is acknowledged to the broker when the gateway has
 * it on disk or has refused it. Several gateways may share a broker: each answers its own devices alone.
 *
 * @param gateway - Takes the messages.
 * @param address - The broker.
 * @param onLost - Told why the connection is lost; it connects again by itself.
 * @throws MedsealError `PEER_UNREACHABLE`, `PEER_UNTRUSTED` or `PEER_REFUSES` if there is no connection.
 */
export async function connectMqtt(
  gateway: GatewayOfDevices,
  { url, ...address }: BrokerAddress,
  onLost: (error: MedsealError) => void = () => undefined,
): Promise<MqttTransport> {
  let second = 0;
  let errors = 0;
  const client = await connectAsync(url, optionsOf(address), false).catch((cause: unknown) => {
    throw brokerError(url, cause);
  });
  // It connects again by itself. Its operator is told each reason once, until it is connected again.
  const told = new Set<string>();
  let closed = false;
  const lose = (cause?: unknown): void => {
    if (closed) return;
    const error = brokerError(url, cause);
    if (told.size === told.add(error.code).size) return;
    onLost(error);
  };
  client.on('error', lose);
  client.on('close', () => lose());
  client.on('connect', () => told.clear());
  const tellError = (device: Address, error: ErrorTold): void => {
    const now = Math.floor(performance.now() / 1000);
    if (now !== second) [second, errors] = [now, 0];
    errors += 1;
    if (errors <= ERRORS_PER_SECOND) publish(client, topicOf(device, 'error'), error);
  };
  const bindings = new KeptBindings(gateway, {
    keep(device, binding) {
      const topic = topicOf(device, 'binding');
      if (binding !== undefined) publish(client, topic, binding, true);
      else client.publish(topic, '', { qos: 1, retain: true }, () => undefined);
    },
    tellError,
  });
  const take = async (device: Address, bytes: Uint8Array, onWait: () => void): Promise<void> => {
    const { digest, state, error, isOwn } = await gateway.take({ bytes, from: device, onWait });
    if (state !== undefined && digest !== undefined) {
      const told: BatchTold = { digest, ...state };
      publish(client, topicOf(device, 'acknowledged'), told);
    }
    // A batch under a right of another gateway is that one's to answer.
    const isForUs = isOwn || (digest === undefined && gateway.knows(device));
    if (error && isForUs) tellError(device, errorToldOf(error, digest && { digest }));
  };
  const hearHello = (device: Address, bytes: Uint8Array): void => {
    try {
      gateway.announce({ text: bytesToUtf8(bytes), from: device, source: url });
    } catch (error) {
      if (gateway.knows(device)) tellError(device, errorToldOf(toMedsealError(error)));
    }
  };
  const tellKeys = async (device: Address, bytes: Uint8Array): Promise<void> => {
    try {
      const { told } = await gateway.keysFor({ text: bytesToUtf8(bytes), from: device });
      publish(client, topicOf(device, 'keys'), told);
    } catch (error) {
      // A question under a right of another gateway is that one's to answer.
      if (isMedsealError(error, 'RIGHT_MISSING') || !gateway.knows(device)) return;
      tellError(device, errorToldOf(toMedsealError(error)));
    }
  };
  handleSideBySide(client, async ({ topic, bytes, release }) => {
    const sent = parseDeviceTopic(topic);
    if (sent?.kind === 'readings') await take(sent.device, bytes, release);
    if (sent?.kind === 'hello') hearHello(sent.device, bytes);
    if (sent?.kind === 'ask') {
      release();
      await tellKeys(sent.device, bytes);
    }
    if (sent?.kind === 'binding') bindings.hear(sent.device, bytes);
  });
  await client.subscribeAsync([...GATEWAY_FILTERS], { qos: 1 });
  return {
    tellEnd(device, digest, end) {
      if (end.state === 'entered') {
        const entered: BatchTold = { digest, ...end };
        publish(client, topicOf(device, 'acknowledged'), entered);
        return;
      }
      const { code, message, values } = end;
      publish(client, topicOf(device, 'error'), { digest, code, message, values, again: false });
    },
    tellBinding(device, right) {
      publish(client, topicOf(device, 'binding'), bindingOf(device, right), true);
    },
    tellOver: (right) => bindings.over(right),
    async close() {
      closed = true;
      await client.endAsync();
    },
  };
}

function optionsOf({ version, ...rest }: Omit<BrokerAddress, 'url'>): IClientOptions {
  return {
    ...rest,
    protocolVersion: version,
    clean: false,
    ...(version === 5 && {
      properties: {
        sessionExpiryInterval: 0xff_ff_ff_fe,
        receiveMaximum: AHEAD,
        maximumPacketSize: LONGEST_MESSAGE + LONGEST_HEAD,
      },
    }),
    reconnectPeriod: 1000,
    connectTimeout: 10_000,
  };
}

/** A device that misses an answer sends its batch again, and gets it then. */
function publish(client: MqttClient, topic: string, message: object, retain = false): void {
  client.publish(topic, JSON.stringify(message), { qos: 1, retain }, () => undefined);
}
