import type { SignedReadings } from './ReadingsHeader.ts';

/**
 * A batch as a device sends it, over MQTT or HTTP: lines of UTF-8, each ended by a line feed. The first is this object's
 * `format`, `header` and `signature` as JSON; those after it are the readings, or one line with the sealed readings in
 * base64.
 */
export interface ReadingsMessage extends SignedReadings {
  readonly format: 'medseal-readings/1';
  /** Lines of the readings, as they were signed; absent if the device sealed them. */
  readonly lines?: readonly string[];
  /** Age file that holds these lines, sealed by the device; absent if it did not. */
  readonly sealed?: Uint8Array;
}

/** Longest message that is read, in bytes. */
export const LONGEST_MESSAGE = 1_048_576;
