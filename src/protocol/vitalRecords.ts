import type { Address, Bytes32, Handle, Hex, RecordId } from './ids.ts';

/** Private part of a `Birth`, which the ledger sees only as its salted struct hash. */
export interface BirthTerms {
  /** Record on the child's chart that holds the birth record. */
  readonly record: RecordId;
  /** SHA-256 of the birth record as canonical JSON. */
  readonly content: Bytes32;
  /** Digest of the mother's `BirthLink`, or `ZERO32`. */
  readonly link: Bytes32;
  /** 16 random bytes that keep the terms from being guessed. */
  readonly salt: Hex;
}

/** A registrar registers the birth of the person who has a handle. */
export interface Birth {
  readonly terms: BirthTerms;
  readonly registrar: Address;
  readonly handle: Handle;
  /** Last second at which the ledger takes it. */
  readonly deadline: number;
}

/** A mother permits a registrar to name her in the birth of her child. It never reaches the ledger, but for its digest. */
export interface BirthLink {
  /** The mother. */
  readonly handle: Handle;
  /** The child: a birth is registered once for it, so that the permission serves once. */
  readonly child: Handle;
  /** The registrar who may use it. */
  readonly registrar: Address;
  /** Last second at which it may be used. */
  readonly deadline: number;
  /** 16 random bytes that keep it from being guessed by its digest. */
  readonly salt: Hex;
}

/** Private part of a `Death`. */
export interface DeathTerms {
  /** Record on the chart that holds the death record. */
  readonly record: RecordId;
  /** SHA-256 of the death record as canonical JSON. */
  readonly content: Bytes32;
  /** Time of death, Unix seconds. */
  readonly at: number;
  /** 16 random bytes that keep the terms from being guessed. */
  readonly salt: Hex;
}

/** A doctor or a registrar reports a death. It has no effect until another party confirms it. */
export interface Death {
  readonly terms: DeathTerms;
  readonly reporter: Address;
  readonly handle: Handle;
  /** Number of the step: one more than the ledger has. */
  readonly step: number;
  readonly deadline: number;
}

/** Another doctor or registrar, of another organisation, confirms a death. */
export interface ConfirmDeath {
  readonly handle: Handle;
  readonly step: number;
  /** Digest of the `Death`. */
  readonly death: Bytes32;
  readonly confirmer: Address;
  readonly deadline: number;
}

/** Private part of an `UndoDeath`. */
export interface UndoTerms {
  /** SHA-256 of the evidence, such as a scan of a passport, or `ZERO32`. */
  readonly content: Bytes32;
  /** Reason, in words. */
  readonly reason: string;
  /** 16 random bytes that keep the terms from being guessed. */
  readonly salt: Hex;
}

/** Two parties of different organisations undo a death that was reported or confirmed by mistake. */
export interface UndoDeath {
  readonly terms: UndoTerms;
  readonly handle: Handle;
  readonly step: number;
  readonly death: Bytes32;
  readonly first: Address;
  readonly second: Address;
  readonly deadline: number;
}

/** A patient objects to being dead. */
export interface ObjectToDeath {
  readonly handle: Handle;
  readonly step: number;
  readonly death: Bytes32;
  readonly deadline: number;
}

/** Private part of a `Will`. */
export interface WillTerms {
  /** Digests of the grants that hold on after death. */
  readonly grants: readonly Bytes32[];
  /** Seconds from the confirmation of the death for which they do; their own ends hold too. */
  readonly lasts: number;
  /** 16 random bytes that keep the terms from being guessed. */
  readonly salt: Hex;
}

/** A patient sets which grants hold on after death; the newest will holds. */
export interface Will {
  readonly terms: WillTerms;
  readonly handle: Handle;
  /** Number of the will, from 1. */
  readonly number: number;
  readonly deadline: number;
}

/** State of a life. A death that is only reported has no effect. */
export type LifeState = 'living' | 'reported' | 'dead';

/** A life as the ledger has it. */
export interface LifeFacts {
  readonly state: LifeState;
  /** Number of the last step of a death: a report, a confirmation or an undoing; 0 before the first. */
  readonly step: number;
  /** Digest of the `Birth`, if it is registered. */
  readonly birth?: Bytes32;
  /** Digest of the `Death` that is reported or confirmed. */
  readonly death?: Bytes32;
  /** Party that reported it. */
  readonly reporter?: Address;
  /** Time of the block that confirmed it, Unix seconds. */
  readonly since?: number;
  /** Number of the newest will; 0 before the first. */
  readonly number: number;
  /** Digest of that will. */
  readonly will?: Bytes32;
}
