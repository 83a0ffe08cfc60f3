import { utf8ToBytes } from '../bytes.ts';
import { encodeFields } from '../encodeFields.ts';
import { u64 } from '../u64.ts';
import type { RecordPlace } from './recordIdentity.ts';

const LABEL = utf8ToBytes('medseal/takeover/1');

/** A change of a patient's key, for which members of a threshold key release shares once the authority made it. */
export interface TakeoverPlace extends Omit<RecordPlace, 'record' | 'version'> {
  /** Number of the change that the state was sealed ahead for, from 1. */
  readonly number: number;
}

/**
 * The identity that the state of a patient's devices is sealed ahead to: the label of its seal. It is that of no record, whatever a
 * record is called, so nobody has it released as one.
 *
 * @param place - The chart and the change, and the key that guards it.
 * @returns The fields behind a label, each behind its length.
 */
export function takeoverIdentity(place: TakeoverPlace): Uint8Array {
  const { networkId, channel, keyId, handle, number } = place;
  return encodeFields(LABEL, networkId, utf8ToBytes(channel), keyId, handle, u64(number));
}
