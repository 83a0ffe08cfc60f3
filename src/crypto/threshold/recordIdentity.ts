import { utf8ToBytes } from '../bytes.ts';
import { encodeFields } from '../encodeFields.ts';
import { u64 } from '../u64.ts';
import type { KeyPlace } from './thresholdKey.ts';

const LABEL = utf8ToBytes('medseal/record-version/1');

/** A version of a record, for which members of a threshold key release shares. */
export interface RecordPlace extends KeyPlace {
  /** Id of the threshold key, 32 bytes. */
  readonly keyId: Uint8Array;
  /** The patient's handle, 32 bytes. */
  readonly handle: Uint8Array;
  /** The record's id, 32 bytes. */
  readonly record: Uint8Array;
  /** From 1. */
  readonly version: number;
}

/**
 * The identity of a record version: the label that a seal is bound to (labelled threshold encryption, TDH2). It names network,
 * channel and key too, so that a release for one version opens no other, here or elsewhere.
 *
 * @param place - The version, and the key that guards it.
 * @returns The fields behind a label, each behind its length.
 */
export function recordIdentity(place: RecordPlace): Uint8Array {
  const { networkId, channel, keyId, handle, record, version } = place;
  return encodeFields(LABEL, networkId, utf8ToBytes(channel), keyId, handle, record, u64(version));
}
