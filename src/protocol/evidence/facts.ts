import type { AccountFacts, ClaimFacts, IssuerFacts } from '../care/claims.ts';
import type { Address, Bytes32, Handle, Organisation } from '../ids.ts';
import type { BlockFacts } from '../network/BlockFacts.ts';
import type { DispenseFacts, PrescribedOn, PrescriptionFacts } from '../care/prescriptions.ts';
import type { Attestation, CareType, Enrolment, Messages } from '../struct/requests.ts';
import type { UnitType } from '../struct/unitTypes.ts';
import type { MandateFacts } from '../care/mandates.ts';
import type { LifeFacts } from '../care/vitalRecords.ts';
import type { Role, Service } from '../vocabulary.ts';
import type { CoordinatorSignature } from './evidence.ts';

/**
 * Question of a client to coordinators about at most one party or a list of them, one key, one patient, one grant, one prescription, one
 * dispense and one claim.
 */
export interface FactsQuery {
  /** 32 random bytes of the asker, so that an old answer cannot be served as a new one. */
  readonly nonce: Bytes32;
  readonly party?: Address;
  /** Addresses of parties, at most 64, to learn of all of them at once. */
  readonly parties?: readonly Address[];
  /** Address of a key, to learn whose it is or was. */
  readonly signer?: Address;
  /** Block as of which that is asked; the newest if absent. */
  readonly asOf?: number;
  readonly handle?: Handle;
  /** Digest of a grant. */
  readonly grant?: Bytes32;
  /** True if the digests of the patient's grants are asked for as well. */
  readonly grants?: boolean;
  /** Digest of a prescription. */
  readonly prescription?: Bytes32;
  /** Numbers of records of a chart, of `orderNumber`, at most 64: which prescription rests on each. */
  readonly orders?: readonly Bytes32[];
  /** Digest of a dispense. */
  readonly dispense?: Bytes32;
  /** Digest of a claim. */
  readonly claim?: Bytes32;
  /** A request of care or of units, to learn whether the ledger took it. */
  readonly taken?: RequestAsked;
  /** An account of settlement units. */
  readonly account?: Address;
  /** Organisation that issues units: its name in ASCII, padded with zeros. */
  readonly issuer?: Bytes32;
  /** A moment, Unix seconds: what the ledger had to take by then, and does not have, it never will. */
  readonly past?: number;
  /** Height of a block, to learn that it is among the newest of the coordinator's ledger; 0 for that of the node that asks. */
  readonly newest?: number;
}

/** A request by what was signed, whoever signed it. */
export interface RequestAsked<Type extends CareType | UnitType = CareType | UnitType> {
  readonly type: Type;
  readonly message: Messages[Type];
}

/** Facts on the ledger, without the block: equal for all coordinators that are up to date. */
export interface Facts {
  /** Question, so that the answer to one question cannot be given to another. */
  readonly asked: Omit<FactsQuery, 'nonce'>;
  readonly party?: PartyFacts;
  /** The parties that were asked for, in that order; one that the Registry does not have is not in it. */
  readonly parties?: readonly PartyFacts[];
  readonly signer?: SignerFacts;
  readonly patient?: PatientFacts;
  readonly grant?: GrantFacts;
  /** Digests of all grants on the patient's chart that have not been ended, in ascending order. */
  readonly grants?: readonly Bytes32[];
  readonly prescription?: PrescriptionFacts;
  /** The prescriptions that rest on the records that were asked for; a record without one is not in it. */
  readonly orders?: readonly PrescribedOn[];
  readonly dispense?: DispenseFacts;
  readonly claim?: ClaimFacts;
  /** True if the ledger took the request that was asked for. */
  readonly taken?: true;
  readonly account?: AccountFacts;
  readonly issuer?: IssuerFacts;
  /** True if the newest final block is later than the moment that was asked for. */
  readonly past?: true;
  /** The block that was asked for, if the coordinator's ledger has it and its newest is at most a minute later. */
  readonly newest?: BlockFacts;
}

/** State of a grant. */
export type GrantState = 'active' | 'ended';

/** A grant as the ledger has it. */
export interface GrantFacts {
  readonly handle: Handle;
  readonly state: GrantState;
}

/** A party as the Registry has it. */
export interface PartyFacts {
  readonly party: Address;
  readonly role: Role | Service;
  readonly organisation: Organisation;
  readonly suspended: boolean;
  /** Number of its last suspension or lifting; 0 before the first. */
  readonly standing: number;
  /** SHA-256 of the party's age recipient (its text). */
  readonly recipient: Bytes32;
  /** The key that signs for it now, and the number of the last change of key, made or begun; absent before the first. */
  readonly key?: { readonly signer: Address; readonly change: number };
  /** The recovery of its key that the authority began; absent if none is under way. */
  readonly recovery?: RecoveryFacts;
  /** The chart that it controls, if it is a patient. */
  readonly handle?: Handle;
}

/** A recovery that is under way. The present key stops it by a `Veto` or a change of key. */
export interface RecoveryFacts {
  /** The key that signs for the party once it is finished. */
  readonly signer: Address;
  /** First second at which anybody can finish it, Unix. */
  readonly readyAt: number;
}

/** A key as the ledger had it at a block: that it ever signed for a party. */
export interface SignerFacts {
  readonly party: Address;
  /** False if the party had taken another key by then. */
  readonly present: boolean;
  /** True if the party was suspended. */
  readonly suspended: boolean;
}

/** A patient's chart as the ledger has it. */
export interface PatientFacts {
  readonly handle: Handle;
  /** Party that signs for it. */
  readonly controller: Address;
  /** The present epoch; 0 before the first commitment. */
  readonly epoch: number;
  /** First epoch of the present commitment. */
  readonly first: number;
  /** Number of epochs that it covers. */
  readonly count: number;
  /** RFC 9162 root over the sheets' hashes. */
  readonly root: Bytes32;
  /** The commitment that takes the place of the present one with its first epoch, if there is one. */
  readonly next?: EpochsCommitted;
  /** Birth, death and will; absent if the ledger has none of them. */
  readonly life?: LifeFacts;
  /** Mandates of keys that act for the patient, oldest first; absent if the ledger has none. */
  readonly mandates?: readonly MandateFacts[];
}

/** Epochs that a patient has committed to. */
export type EpochsCommitted = Pick<PatientFacts, 'first' | 'count' | 'root'>;

/** A coordinator's facts with its signature over the asker's nonce. */
export interface AttestedFacts extends CoordinatorSignature {
  readonly facts: Facts;
  readonly attestation: Attestation;
}

/** Answer of the authority to a newly enrolled party. */
export interface EnrolmentResult {
  readonly enrolment: Enrolment;
  readonly transaction: Bytes32;
  /** For a patient: the issued patient ID, known to the patient and the authority alone. */
  readonly patientId?: string;
  /** For a patient: the salt that opens the handle, 16 bytes in hexadecimal. */
  readonly salt?: string;
}
