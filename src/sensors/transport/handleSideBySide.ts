import type { IPublishPacket, MqttClient } from 'mqtt';

/** The most that is handled at once. */
export interface HandlingLimits {
  readonly messages: number;
  /** Bytes of the messages. */
  readonly bytes: number;
}

const LIMITS: HandlingLimits = { messages: 128, bytes: 16_777_216 };

/** A message that a broker sent. */
export interface MessageHeard {
  readonly topic: string;
  readonly bytes: Uint8Array;
  /** Gives up the place of the message, and acknowledges it, before it is handled. */
  readonly release: () => void;
}

/**
 * Handles what a broker sends side by side, so that what is stored at the same time shares a write, and acknowledges each
 * message once it is handled, in the order in which they came. By itself `mqtt` would wait with the next message until
 * the last one is handled.
 *
 * @param client - Connection to the broker.
 * @param handle - Handles a message; it must not throw.
 * @param limits - The most that is handled at once; the broker waits with the rest.
 */
export function handleSideBySide(
  client: MqttClient,
  handle: (message: MessageHeard) => Promise<void>,
  limits: HandlingLimits = LIMITS,
): void {
  const waiting: (() => boolean)[] = [];
  let [messages, held] = [0, 0];
  let before = Promise.resolve();
  let isEntering = false;

  client.handleMessage = (packet, done) => {
    const enter = (): boolean => {
      const bytes = bytesOf(packet);
      const isFull = messages >= limits.messages || held + bytes.length > limits.bytes;
      if (isFull && messages > 0) return false;
      begin(packet, bytes);
      // It is acknowledged below. With an error `mqtt` leaves that out, and goes on with the next message.
      done(new Error('acknowledged once it is handled'));
      return true;
    };
    if (waiting.length > 0 || !enter()) waiting.push(enter);
  };

  /** A message that gives up its place at once comes back here while it enters: the loop goes on with the next one. */
  function enterWaiting(): void {
    if (isEntering) return;
    isEntering = true;
    while (waiting[0]?.() === true) waiting.shift();
    isEntering = false;
  }

  function begin({ topic, qos, messageId }: IPublishPacket, bytes: Uint8Array): void {
    const { stream } = client;
    const released = Promise.withResolvers<void>();
    let isHeld = true;
    messages += 1;
    held += bytes.length;
    const release = (): void => {
      if (!isHeld) return;
      isHeld = false;
      messages -= 1;
      held -= bytes.length;
      released.resolve();
      enterWaiting();
    };
    void handle({ topic, bytes, release }).finally(release);
    if (qos === 0 || messageId === undefined) return;
    before = Promise.all([before, released.promise]).then(() => {
      // On another connection the number may be another message's; the broker sends this one again there.
      if (client.stream !== stream || stream.destroyed) return;
      // PUBACK, the same in both versions.
      stream.write(Buffer.from([0x40, 2, messageId >> 8, messageId & 0xff]));
    });
  }
}

function bytesOf({ payload }: IPublishPacket): Uint8Array {
  return typeof payload === 'string' ? Buffer.from(payload) : payload;
}
