import type { Address, Bytes32, Handle, Organisation } from './ids.ts';
import type { Attestation, Enrolment } from './requests.ts';
import type { Role } from './vocabulary.ts';
import type { CoordinatorSignature } from './evidence.ts';

/** What a client asks coordinators about; at most one party and one patient. */
export interface FactsQuery {
  /** 32 random bytes of the asker, so that an old answer can not be served as a new one. */
  readonly nonce: Bytes32;
  readonly party?: Address;
  readonly handle?: Handle;
}

/** What the ledger says, without the block: equal for all who are up to date. */
export interface Facts {
  /** What was asked, so that the answer to one question can not be given to another. */
  readonly asked: Omit<FactsQuery, 'nonce'>;
  readonly party?: PartyFacts;
  readonly patient?: PatientFacts;
}

/** A party as the Registry has it. */
export interface PartyFacts {
  readonly party: Address;
  readonly role: Role;
  readonly organisation: Organisation;
  readonly suspended: boolean;
  /** SHA-256 of the party's age recipient (its text). */
  readonly recipient: Bytes32;
}

/** A patient's chart as the ledger has it. */
export interface PatientFacts {
  readonly handle: Handle;
  /** Who signs for it. */
  readonly controller: Address;
  /** The present epoch; 0 before the first commitment. */
  readonly epoch: number;
  /** First epoch of the present commitment. */
  readonly first: number;
  /** How many epochs it covers. */
  readonly count: number;
  /** RFC 9162 root over the sheets' hashes. */
  readonly root: Bytes32;
}

/** A coordinator's facts with its signature over the asker's nonce. */
export interface AttestedFacts extends CoordinatorSignature {
  readonly facts: Facts;
  readonly attestation: Attestation;
}

/** What the authority returns to a newly enrolled party. */
export interface EnrolmentResult {
  readonly enrolment: Enrolment;
  readonly transaction: Bytes32;
  /** For a patient: the issued patient ID, known to the patient and the authority alone. */
  readonly patientId?: string;
  /** For a patient: the salt that opens the handle, 16 bytes in hexadecimal. */
  readonly salt?: string;
}
