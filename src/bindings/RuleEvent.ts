import type { ClaimEvents } from './ClaimEvents.ts';
import type { EndMandate, Mandate } from '../protocol/care/mandates.ts';
import type { Address, Bytes32, Handle } from '../protocol/ids.ts';
import type {
  Dispense,
  HoldPrescription,
  PrescribedOn,
  PassPrescription,
  Prescription,
} from '../protocol/care/prescriptions.ts';
import type { OfficeChange } from '../protocol/struct/requests.ts';
import type { ObjectToVital, Will } from '../protocol/care/vitalRecords.ts';

/** Place of an event on the ledger. */
export interface EventPlace {
  /** The contract that says so. */
  readonly contract: Address;
  readonly block: number;
  /** Hash of the transaction. */
  readonly transaction: Bytes32;
  /** Place among the block's events. */
  readonly logIndex: number;
}

/** An office that organisations hold together. */
export type OfficeName = OfficeChange['office'];

/** Fields of each step of a birth or a death. */
type VitalStep = Omit<ObjectToVital, 'deadline'>;

/** Events of the contracts, by name; together they give all of the contracts' state again. */
export interface RuleEvents extends ClaimEvents {
  Enrolled: {
    readonly party: Address;
    /** Place of the role in `LEDGER_ROLES` + 1. */
    readonly role: number;
    readonly organisation: Bytes32;
    readonly recipient: Bytes32;
    readonly handle: Handle;
  };
  PartySuspended: {
    readonly party: Address;
    /** Number of the suspension or lifting. */
    readonly standing: number;
  };
  SuspensionLifted: { readonly party: Address; readonly standing: number };
  KeyChanged: {
    readonly party: Address;
    /** Number of the party's last change of key. */
    readonly change: number;
    /** The key that signs for the party from now on. */
    readonly signer: Address;
    readonly recipient: Bytes32;
  };
  RecoveryBegun: {
    readonly party: Address;
    readonly change: number;
    readonly signer: Address;
    readonly recipient: Bytes32;
    /** First second at which it can be finished, Unix seconds. */
    readonly readyAt: number;
  };
  RecoveryStopped: { readonly party: Address; readonly change: number };
  OfficeChangeBegun: {
    readonly office: OfficeName;
    readonly change: number;
    /** First second at which it can be finished, Unix seconds. */
    readonly readyAt: number;
  };
  /** The office has other holders: those of the `Seated` events of the same change, and no one else. */
  OfficeChanged: {
    readonly office: OfficeName;
    readonly change: number;
    readonly threshold: number;
  };
  Seated: {
    readonly office: OfficeName;
    readonly change: number;
    readonly holder: Address;
    readonly organisation: Bytes32;
  };
  Granted: { readonly handle: Handle; readonly grant: Bytes32 };
  Revoked: { readonly handle: Handle; readonly grant: Bytes32 };
  EpochAdvanced: {
    readonly handle: Handle;
    readonly epoch: number;
    /** SHA-256 over the packets for those who keep a right; `ZERO32` for the first epoch. */
    readonly packets: Bytes32;
  };
  EpochsCommitted: {
    readonly handle: Handle;
    readonly first: number;
    readonly count: number;
    readonly root: Bytes32;
  };
  Checkpointed: { readonly log: Bytes32; readonly size: number; readonly root: Bytes32 };
  Prescribed: PrescribedOn & Omit<Prescription, 'terms' | 'replaces' | 'deadline'>;
  Dispensed: {
    /** Digest of the `Dispense`. */
    readonly dispense: Bytes32;
  } & Omit<Dispense, 'terms' | 'deadline'>;
  PrescriptionHeld: Omit<HoldPrescription, 'deadline'>;
  PrescriptionEnded: {
    readonly prescription: Bytes32;
    /** Digest of the prescription that takes its place, or `ZERO32`. */
    readonly replacement: Bytes32;
  };
  HolderChanged: Omit<PassPrescription, 'deadline'>;
  VitalReported: {
    /** Time of the block, Unix seconds. */
    readonly reportedAt: number;
    readonly reporter: Address;
  } & VitalStep;
  VitalConfirmed: {
    readonly confirmer: Address;
    /** Time of the block, Unix seconds. */
    readonly since: number;
  } & VitalStep;
  VitalUndone: {
    /** Digest of the `UndoVital`, or of the patient's `ObjectToVital`. */
    readonly undoing: Bytes32;
  } & VitalStep;
  WillSet: {
    /** Digest of the `Will`. */
    readonly will: Bytes32;
  } & Pick<Will, 'handle' | 'number'>;
  Appointed: Omit<Mandate, 'terms' | 'deadline'> & {
    /** Digest of the `Mandate`. */
    readonly mandate: Bytes32;
    /** The key that signed it, if another one acts; zero if the patient did. */
    readonly appointer: Address;
  };
  MandateEnded: Omit<EndMandate, 'deadline'>;
  Refused: {
    /** Place of the request in its batch. */
    readonly index: number;
    /** Name of the contract's error that says why, such as `GrantKnown`. */
    readonly error: string;
  };
}

/** One event of the contracts. */
export type RuleEvent = {
  [Kind in keyof RuleEvents]: { readonly kind: Kind } & EventPlace & RuleEvents[Kind];
}[keyof RuleEvents];
