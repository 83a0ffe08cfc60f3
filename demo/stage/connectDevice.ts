import { connectAsync, type MqttClient } from 'mqtt';
import { parseJsonBytes } from '../../src/crypto/parseJsonBytes.ts';
import { fromProblem } from '../../src/errors/fromProblem.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import type { LogPlace } from '../../src/protocol/AgentPort.ts';
import type { Address, Bytes32 } from '../../src/protocol/ids.ts';
import { jsonLimitsOf } from '../../src/protocol/wire/jsonLimitsOf.ts';
import { parseShape } from '../../src/protocol/wire/parseShape.ts';
import { KEYS_TOLD, type KeysTold } from '../../src/protocol/sensors/DeviceKeys.ts';
import type { MessageSigned } from '../../src/protocol/sensors/signReadings.ts';
import type { SigningContext } from '../../src/protocol/struct/signing.ts';
import { signHello } from '../../src/sensors/simulate/signHello.ts';
import type {
  BatchTold,
  BindingTold,
  ErrorTold,
} from '../../src/sensors/transport/deviceAnswers.ts';
import { TOLD_KINDS, topicOf, type TopicKind } from '../../src/sensors/transport/deviceTopics.ts';

/** Milliseconds that a device waits for an answer of its gateway. */
const PATIENCE = 60_000;

/** A device in software that has its key. */
export interface SoftDevice {
  readonly signingKey: Uint8Array;
  readonly address: Address;
  readonly model: string;
  readonly serial: string;
}

/** Connection of devices in software to a broker. */
export interface DeviceConnection {
  /** Announces a device; returns the digest of its right, once its gateway tells it. */
  readonly announce: (device: SoftDevice) => Promise<Bytes32>;
  /** Sends a batch; returns where the log has it. It throws the MedsealError that the gateway tells. */
  readonly send: (
    device: Pick<SoftDevice, 'address'>,
    message: Pick<MessageSigned, 'bytes' | 'digest'>,
  ) => Promise<LogPlace>;
  /** Asks for keys, as `signKeysAsked` makes the question; the answer is not verified. */
  readonly askKeys: (device: Pick<SoftDevice, 'address'>, question: string) => Promise<KeysTold>;
  close(): Promise<void>;
}

interface Told {
  readonly kind: TopicKind;
  readonly value: Partial<BindingTold & BatchTold & ErrorTold & LogPlace>;
}

/**
 * Connects devices in software to a broker, by MQTT 3.1.1, each with a connection of its own, whose name is its address.
 * One answer is awaited at a time.
 *
 * @param context - SHA-256 and the curve.
 * @param url - Address of the broker.
 * @returns Sending and announcing throw MedsealError `PEER_UNREACHABLE` if no broker answers, or no gateway.
 */
export function connectDevice(
  { primitives }: Pick<SigningContext, 'primitives'>,
  url: string,
): DeviceConnection {
  const unreachable = (cause?: unknown): MedsealError =>
    new MedsealError('PEER_UNREACHABLE', { peer: new URL(url).host }, { cause });
  const clients = new Map<Address, Promise<MqttClient>>();
  let hear: ((topic: string, told: Told) => void) | undefined;
  return {
    async announce(device) {
      const { address, model, serial } = device;
      const named = { device: address, model, serial };
      const hello = signHello(primitives, device.signingKey, named);
      return await exchange(address, 'hello', hello, ({ kind, value }) =>
        kind === 'binding' ? value.grant : undefined,
      );
    },
    async send({ address }, { bytes, digest }) {
      return await exchange(address, 'readings', Buffer.from(bytes), ({ kind, value }) => {
        if (kind !== 'acknowledged' || value.digest !== digest) return undefined;
        const { state, log, index } = value;
        const isPlaced = state === 'entered' && log !== undefined && index !== undefined;
        return isPlaced ? { log, index } : undefined;
      });
    },
    async askKeys({ address }, question) {
      return await exchange(address, 'ask', question, ({ kind, value }) =>
        kind === 'keys' ? keysIn(value) : undefined,
      );
    },
    async close() {
      const open = await Promise.allSettled(clients.values());
      for (const each of open) if (each.status === 'fulfilled') await each.value.endAsync();
    },
  };

  async function connect(device: Address): Promise<MqttClient> {
    const options = { protocolVersion: 4, clientId: device, connectTimeout: 10_000 } as const;
    const client = await connectAsync(url, options, false).catch((cause: unknown) => {
      throw unreachable(cause);
    });
    client.on('error', () => undefined);
    client.on('message', (topic, bytes) => {
      hear?.(topic, { kind: topic.split('/').at(-1) as TopicKind, value: valueOf(bytes) });
    });
    return client;
  }

  /** Publishes a message of a device, and waits for the answer to it. */
  async function exchange<Answer>(
    device: Address,
    kind: TopicKind,
    message: string | Buffer,
    answerIn: (told: Told) => Answer | undefined,
  ): Promise<Answer> {
    const connected = clients.get(device) ?? connect(device);
    clients.set(device, connected);
    const client = await connected;
    await client.subscribeAsync(
      TOLD_KINDS.map((each) => topicOf(device, each)),
      { qos: 1 },
    );
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const timer = setTimeout(() => reject(unreachable()), PATIENCE);
    hear = (topic, { kind: heard, value }) => {
      if (topic !== topicOf(device, heard)) return;
      const { code, values = {} } = value;
      if (heard === 'error') reject(fromProblem({ code, values }));
      const answer = answerIn({ kind: heard, value });
      if (answer !== undefined) resolve(answer);
    };
    try {
      // Both at once: an answer, or its lateness, may come before the broker's word.
      const published = client.publishAsync(topicOf(device, kind), message, { qos: 1 });
      const [answer] = await Promise.all([promise, published]);
      return answer;
    } finally {
      clearTimeout(timer);
      hear = undefined;
    }
  }
}

function valueOf(bytes: Uint8Array): Told['value'] {
  try {
    const value = parseJsonBytes(bytes, jsonLimitsOf('any', bytes.length));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function keysIn(value: object): KeysTold {
  return parseShape(KEYS_TOLD, value, 'it', malformed);
}

function malformed(): MedsealError {
  return new MedsealError('PEER_MALFORMED', { what: 'answer' });
}
