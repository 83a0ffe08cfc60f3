import { timingSafeEqual } from 'node:crypto';
import type { Address } from '../../protocol/ids.ts';
import { GATEWAY_FILTERS, parseDeviceTopic, TOLD_KINDS, topicOf } from './deviceTopics.ts';

const DEVICE = /^0x[0-9a-f]{40}$/;

/** Name of a client, and what it says to sign in. */
export interface SignIn {
  readonly clientId: string;
  readonly username?: string | undefined;
  readonly password?: Uint8Array | undefined;
}

/**
 * Access list of a broker for one gateway: a device sends its own messages and hears its own answers, and nothing else.
 * The name of a device is not proved: what it sends is signed.
 */
export class BrokerAccess {
  readonly #clientId: string;
  readonly #secret: Uint8Array;

  /**
   * @param gateway - Name of the gateway's client, and its password.
   */
  constructor({ clientId, password }: { readonly clientId: string; readonly password: string }) {
    this.#clientId = clientId;
    this.#secret = Buffer.from(password);
  }

  /** Tells whether a client may sign in: the gateway with its password, or a device whose client id is its address. */
  admits({ clientId, username, password }: SignIn): boolean {
    if (clientId === this.#clientId) {
      if (password?.length !== this.#secret.length) return false;
      return timingSafeEqual(password, this.#secret);
    }
    return DEVICE.test(clientId) && (username === undefined || username === clientId);
  }

  /**
   * Tells whether a client may send to a topic.
   *
   * @param clientId - Client that signed in.
   * @param topic - Not trusted.
   * @param retain - True if the broker is to keep the message.
   */
  maySend(clientId: string, topic: string, retain: boolean): boolean {
    if (clientId !== this.#clientId) {
      const sent = parseDeviceTopic(topic);
      return sent?.device === clientId && sent.kind !== 'binding' && !retain;
    }
    const [head, kind] = [topic.slice(0, topic.lastIndexOf('/')), topic.split('/').at(-1)];
    const device = head.slice(head.lastIndexOf('/') + 1) as Address;
    const told = TOLD_KINDS.find((each) => each === kind);
    return told !== undefined && DEVICE.test(device) && topic === topicOf(device, told);
  }

  /** Tells whether a client may listen to a filter, or be sent a message of a topic. */
  mayHear(clientId: string, topic: string): boolean {
    if (clientId === this.#clientId) {
      return GATEWAY_FILTERS.includes(topic) || parseDeviceTopic(topic) !== undefined;
    }
    return TOLD_KINDS.some((kind) => topic === topicOf(clientId as Address, kind));
  }
}
