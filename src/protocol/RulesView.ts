import type { GrantFacts, PartyFacts, PatientFacts } from './facts.ts';
import type { Address, Bytes32, Handle } from './ids.ts';

/** The rules as of one block of the ledger: all that a right is judged by. */
export interface RulesView {
  /** Number of the block. */
  readonly block: number;
  /** How long a right may hold at most, seconds. */
  readonly longestRight: number;
  /** A party, or undefined if nobody enrolled it. */
  party(party: Address): PartyFacts | undefined;
  /** The present signer of a party; an address of the party's first key names the party, not the signer. */
  signerOf(party: Address): Address | undefined;
  /** A patient's chart, or undefined if no party controls the handle. */
  patient(handle: Handle): PatientFacts | undefined;
  /** A grant by its digest, or undefined if the ledger does not know it. */
  grant(grant: Bytes32): GrantFacts | undefined;
}
