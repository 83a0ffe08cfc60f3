import type { Address, Bytes32, Handle, Hex, RecordId } from '../ids.ts';

/** Private part of a `Prescription`, which the ledger sees only as its salted struct hash. */
export interface PrescriptionTerms {
  /** Patient that it is for. */
  readonly handle: Handle;
  /** Record that holds the FHIR `MedicationRequest`. */
  readonly record: RecordId;
  /** SHA-256 of the `MedicationRequest` as canonical JSON. */
  readonly content: Bytes32;
  /** Medicine, in words. */
  readonly medicine: string;
  /** Code of the medicine as FHIR writes a token: system, `|`, code; empty if it has none. */
  readonly code: string;
  /** Unit that the amounts are counted in, such as `tablet`. */
  readonly unit: string;
  /** True if the prescriber says that the medicine needs a second signature. */
  readonly controlled: boolean;
  /** 16 random bytes that keep the terms from being guessed. */
  readonly salt: Hex;
}

/** A prescriber prescribes. Its EIP-712 digest is the prescription's key on the ledger. */
export interface Prescription {
  readonly terms: PrescriptionTerms;
  readonly prescriber: Address;
  /** Doctor who signs beside the prescriber, or the zero address. */
  readonly second: Address;
  /** Address of the patient's key, which passes the prescription on and is in no slip. */
  readonly holder: Address;
  /** Address of the key in the slip that the patient shows, which dispenses. */
  readonly slip: Address;
  /** Amount of one fill; times `fills` it is at most 2^24 - 1. */
  readonly amount: number;
  /** Fills in all: the first and the repeats; at most 255. */
  readonly fills: number;
  /** Days from the beginning of one fill to that of the next, at least; 0 if all may be dispensed at once. */
  readonly interval: number;
  /** First second at which it may be dispensed. */
  readonly from: number;
  /** First second at which it no longer may. */
  readonly until: number;
  /** Digest of the prescription that ends by this one, or `ZERO32`. */
  readonly replaces: Bytes32;
  /** Last second at which the ledger takes it. */
  readonly deadline: number;
}

/**
 * Coordinators state of a prescription that its prescriber put its record on the chart not long ago, and has now the right
 * to, and whose number that record has. The ledger sees no rights.
 */
export interface PrescriptionCheck {
  /** Digest of the prescription. */
  readonly prescription: Bytes32;
  /** Number of the record, of `orderNumber`: one prescription rests on it. */
  readonly order: Bytes32;
}

/** Private part of a `Dispense`. */
export interface DispenseTerms {
  /** Pharmacist who dispenses. */
  readonly pharmacist: Address;
  /** SHA-256 of the FHIR `MedicationDispense` as canonical JSON. */
  readonly content: Bytes32;
  /** 16 random bytes that keep the terms from being guessed. */
  readonly salt: Hex;
}

/** A pharmacist dispenses; signed with the key of the slip that the patient showed. */
export interface Dispense {
  readonly prescription: Bytes32;
  /** Number of the step: one more than the ledger has. */
  readonly step: number;
  readonly amount: number;
  readonly terms: DispenseTerms;
  /** Last second at which the ledger takes it. */
  readonly deadline: number;
}

/** A prescriber holds a prescription back, or lets it go on. */
export interface HoldPrescription {
  readonly prescription: Bytes32;
  readonly step: number;
  readonly held: boolean;
  readonly deadline: number;
}

/** A prescriber ends a prescription. */
export interface CancelPrescription {
  readonly prescription: Bytes32;
  readonly deadline: number;
}

/** A patient gives a prescription other keys, and the former slip is void; signed with the former holder's key. */
export interface PassPrescription {
  readonly prescription: Bytes32;
  readonly step: number;
  /** Address of the holder's key from now on. */
  readonly holder: Address;
  /** Address of the slip's key from now on. */
  readonly slip: Address;
  readonly deadline: number;
}

/** A dispense as the ledger has it. */
export interface DispenseFacts {
  /** Digest of the prescription. */
  readonly prescription: Bytes32;
  /** Number of the step. */
  readonly step: number;
  readonly amount: number;
  /** Address of the key that showed the prescription, and signed. */
  readonly slip: Address;
  /** Number of the block that took it. */
  readonly block: number;
}

/** A prescription that rests on a record of a chart, as the ledger has it. */
export interface PrescribedOn {
  /** Number of the record, of `orderNumber`. */
  readonly order: Bytes32;
  /** Digest of the prescription. */
  readonly prescription: Bytes32;
}

/** State of a prescription. Its time is apart: one that is active may be too early or too late. */
export type PrescriptionState = 'active' | 'held' | 'ended';

/** A prescription as the ledger has it. */
export interface PrescriptionFacts {
  readonly state: PrescriptionState;
  /** Number of the last step: a dispense, a hold or a change of holder; 0 before the first. */
  readonly step: number;
  /** Amount that was dispensed, of all fills together. */
  readonly dispensed: number;
  readonly prescriber: Address;
  /** Doctor who signed beside the prescriber, or the zero address. */
  readonly second: Address;
  /** Address of the holder's key now. */
  readonly holder: Address;
  /** Address of the key that shows it now. */
  readonly slip: Address;
  readonly amount: number;
  readonly fills: number;
  readonly interval: number;
  readonly from: number;
  readonly until: number;
  /** Digest of the prescription that took its place, if one did. */
  readonly replacement?: Bytes32;
}
