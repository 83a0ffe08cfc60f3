import type { GrantFacts, PartyFacts, PatientFacts } from '../evidence/facts.ts';
import type { Address, Bytes32, Handle } from '../ids.ts';
import type { LifeFacts } from '../care/vitalRecords.ts';

/** The rules as of one block of the ledger: the basis for judging a right. */
export interface RulesView {
  /** Number of the block. */
  readonly block: number;
  /** Seconds since its time, by the clock of the judge; 0 if it is ahead. */
  readonly age: number;
  /** Longest time that a right may hold, seconds. */
  readonly longestRight: number;
  /** Returns a party, or undefined if it is not enrolled. */
  party(party: Address): PartyFacts | undefined;
  /** Returns the present signer of a party; an address of the party's first key names the party, not the signer. */
  signerOf(party: Address): Address | undefined;
  /**
   * Returns the number of the change by which a party got its present key, if the authority recovered it; 0 if the party chose the
   * key itself.
   */
  takenOver(party: Address): number;
  /** Returns a patient's chart, or undefined if no party controls the handle. */
  patient(handle: Handle): PatientFacts | undefined;
  /** Returns the life of the patient of a handle: whether a death is reported or confirmed. */
  life(handle: Handle): LifeFacts;
  /** Returns a grant by its digest, or undefined if the ledger does not know it. */
  grant(grant: Bytes32): GrantFacts | undefined;
  /**
   * Returns the exact end of a mandate, Unix seconds, which the ledger hides and its opening has; undefined if the judge was
   * never shown the opening.
   */
  exactEnd(mandate: Bytes32): number | undefined;
  /** Tells whether a grant was given by a key that no longer acted for the patient then, or is not known to have acted. */
  isGivenLate(grant: Bytes32): boolean;
}
