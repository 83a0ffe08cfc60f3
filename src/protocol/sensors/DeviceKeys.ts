import type { ProvenSheet } from '../epochs.ts';
import type { AttestedFacts } from '../facts.ts';
import type { Bytes32, Handle, LogName } from '../ids.ts';
import type { NetworkFile } from '../NetworkFile.ts';
import type { Grant } from '../requests.ts';
import type { SuccessorsFile } from '../Successor.ts';

/**
 * The chart that a device seals to, given to it by its patient and by no gateway: whose it is, and the network whose
 * coordinators tell its keys.
 */
export interface DevicePin {
  readonly format: 'medseal-pin/1';
  /** The patient. */
  readonly handle: Handle;
  /** A log of the channel whose coordinators are asked. */
  readonly log: LogName;
  /** The network file that the patient's device has pinned. */
  readonly network: NetworkFile;
}

/** The answer, which a gateway gathers and cannot make up. */
export interface KeysTold {
  readonly format: 'medseal-keys/1';
  /** The nonce of the question. */
  readonly nonce: Bytes32;
  /** The right that binds the device, in full. */
  readonly grant: Grant;
  /** Facts about chart and right, which coordinators signed over the device's nonce. */
  readonly facts: readonly AttestedFacts[];
  /** Recipients of the present epoch, with the proof that the patient committed to them. */
  readonly sheet: ProvenSheet;
  /** Successors of the network file. */
  readonly successors: SuccessorsFile;
}
