import type { Address, Bytes32, Handle, Hex, RecordId } from '../ids.ts';
import type { Vital, VitalStage } from '../struct/vitalTypes.ts';

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

/** A registrar reports the birth of the person who has a handle. It has no effect until another party confirms it. */
export interface Birth {
  readonly terms: BirthTerms;
  /** The registrar. */
  readonly reporter: Address;
  readonly handle: Handle;
  /** Number of the step of the birth: one more than the ledger has. */
  readonly step: number;
  /** Last second at which the ledger takes it. */
  readonly deadline: number;
}

/** A mother permits a registrar to name her in the birth of her child. It never reaches the ledger, but for its digest. */
export interface BirthLink {
  /** The mother. */
  readonly handle: Handle;
  /** The child: it has one birth at once, so that the permission serves no other. */
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
  /** Number of the step of the death: one more than the ledger has. */
  readonly step: number;
  readonly deadline: number;
}

/** Another doctor or registrar, of another organisation, confirms a birth or a death that was reported. */
export interface ConfirmVital {
  readonly what: Vital;
  readonly handle: Handle;
  readonly step: number;
  /** Digest of the `Birth` or the `Death`. */
  readonly report: Bytes32;
  readonly confirmer: Address;
  readonly deadline: number;
}

/** Private part of an `UndoVital`. */
export interface UndoTerms {
  /** SHA-256 of the evidence, such as a scan of a passport, or `ZERO32`. */
  readonly content: Bytes32;
  /** Reason, in words. */
  readonly reason: string;
  /** 16 random bytes that keep the terms from being guessed. */
  readonly salt: Hex;
}

/** Two parties of different organisations undo a birth or a death that was reported or confirmed by mistake. */
export interface UndoVital {
  readonly terms: UndoTerms;
  readonly what: Vital;
  readonly handle: Handle;
  readonly step: number;
  readonly report: Bytes32;
  readonly first: Address;
  readonly second: Address;
  readonly deadline: number;
}

/** A patient objects to a birth or a death that was reported of them. */
export interface ObjectToVital {
  readonly what: Vital;
  readonly handle: Handle;
  readonly step: number;
  readonly report: Bytes32;
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

/** A birth or a death as the ledger has it. */
export interface VitalFacts {
  readonly stage: VitalStage;
  /** Number of the last step: a report, a confirmation or an undoing; 0 before the first. */
  readonly step: number;
  /** Digest of the `Birth` or `Death` that is reported or confirmed. */
  readonly report?: Bytes32;
  /** Party that reported it. */
  readonly reporter?: Address;
  /** Time of the block that took the report, Unix seconds. */
  readonly reportedAt?: number;
  /** Number of that block. */
  readonly reportedIn?: number;
  /** Time of the block that confirmed it, Unix seconds. */
  readonly since?: number;
}

/** A life as the ledger has it. */
export interface LifeFacts {
  readonly birth: VitalFacts;
  readonly death: VitalFacts;
  /** Number of the newest will; 0 before the first. */
  readonly number: number;
  /** Digest of that will. */
  readonly will?: Bytes32;
}

/** The life of a person of whom the ledger says nothing. */
export const UNTOLD_LIFE: LifeFacts = {
  birth: { stage: 'none', step: 0 },
  death: { stage: 'none', step: 0 },
  number: 0,
};
