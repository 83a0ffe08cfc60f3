import { connectAsync } from 'mqtt';
import { bytesToUtf8 } from '../../crypto/bytes.ts';
import { fromProblem } from '../../errors/fromProblem.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { LogPlace } from '../../protocol/AgentPort.ts';
import type { Address, Bytes32 } from '../../protocol/ids.ts';
import type { MessageSigned } from '../../protocol/sensors/signReadings.ts';
import type { SigningContext } from '../../protocol/signing.ts';
import { signHello } from '../simulate/signHello.ts';
import type { BatchTold, BindingTold, ErrorTold } from '../transport/deviceAnswers.ts';
import { topicOf, type TopicKind } from '../transport/deviceTopics.ts';

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
  close(): Promise<void>;
}

interface Told {
  readonly kind: TopicKind;
  readonly value: Partial<BindingTold & BatchTold & ErrorTold & LogPlace>;
}

/**
 * Connects devices in software to a broker, by MQTT 3.1.1. One answer is awaited at a time.
 *
 * @param context - SHA-256 and the curve.
 * @param url - Address of the broker.
 * @throws MedsealError `PEER_UNREACHABLE` if no broker answers, or later no gateway.
 */
export async function connectDevice(
  { primitives }: Pick<SigningContext, 'primitives'>,
  url: string,
): Promise<DeviceConnection> {
  const unreachable = (cause?: unknown): MedsealError =>
    new MedsealError('PEER_UNREACHABLE', { peer: new URL(url).host }, { cause });
  const options = { protocolVersion: 4, connectTimeout: 10_000 } as const;
  const client = await connectAsync(url, options, false).catch((cause: unknown) => {
    throw unreachable(cause);
  });
  client.on('error', () => undefined);
  let hear: ((topic: string, told: Told) => void) | undefined;
  client.on('message', (topic, bytes) => {
    hear?.(topic, { kind: topic.split('/').at(-1) as TopicKind, value: valueOf(bytes) });
  });
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
    close: async () => await client.endAsync(),
  };

  /** Publishes a message of a device, and waits for the answer to it. */
  async function exchange<Answer>(
    device: Address,
    kind: TopicKind,
    message: string | Buffer,
    answerIn: (told: Told) => Answer | undefined,
  ): Promise<Answer> {
    const told = ['binding', 'acknowledged', 'error'] as const;
    await client.subscribeAsync(
      told.map((each) => topicOf(device, each)),
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
      await client.publishAsync(topicOf(device, kind), message, { qos: 1 });
      return await promise;
    } finally {
      clearTimeout(timer);
      hear = undefined;
    }
  }
}

function valueOf(bytes: Uint8Array): Told['value'] {
  try {
    const value: unknown = JSON.parse(bytesToUtf8(bytes));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
