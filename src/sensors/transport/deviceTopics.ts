import type { Address } from '../../protocol/ids.ts';

/** Last word of a device's topics: what it sends, and what it is told. */
export type TopicKind =
  'hello' | 'readings' | 'ask' | 'binding' | 'acknowledged' | 'keys' | 'error';

const TOPIC = /^medseal\/device\/(?<device>0x[0-9a-f]{40})\/(?<kind>hello|readings|ask|binding)$/;

/** Kinds of what a device is told. */
export const TOLD_KINDS = ['binding', 'acknowledged', 'keys', 'error'] as const;

/** Filters of all topics that a gateway listens to: what devices send, and the bindings that the broker keeps. */
export const GATEWAY_FILTERS: readonly string[] = [
  'medseal/device/+/hello',
  'medseal/device/+/readings',
  'medseal/device/+/ask',
  'medseal/device/+/binding',
];

/** A topic that a gateway hears. */
export interface DeviceTopic {
  readonly device: Address;
  readonly kind: 'hello' | 'readings' | 'ask' | 'binding';
}

/**
 * Returns a topic of a device.
 *
 * @param device - Its address.
 * @param kind - Kind of message.
 */
export function topicOf(device: Address, kind: TopicKind): string {
  return `medseal/device/${device}/${kind}`;
}

/**
 * Parses a topic that a gateway hears; undefined if it is not one.
 *
 * @param topic - Not trusted.
 */
export function parseDeviceTopic(topic: string): DeviceTopic | undefined {
  const groups = TOPIC.exec(topic)?.groups;
  if (groups === undefined) return undefined;
  return { device: groups['device'] as Address, kind: groups['kind'] as DeviceTopic['kind'] };
}
