import type { Address } from '../../protocol/ids.ts';
import type { Action, Category, Purpose } from '../../protocol/vocabulary.ts';

/** A rule by which a patient's device gives rights and renews them, until the rule ends. */
export interface PermitRule {
  /** The patient's name for it; no other rule of the patient has it. */
  readonly name: string;
  readonly kind: 'permit';
  /** Parties that get the right: each member of a team is one. */
  readonly parties: readonly Address[];
  readonly categories: readonly Category[];
  readonly actions: readonly Action[];
  readonly purpose: Purpose;
  /** Seconds that each grant lasts; it is renewed when half of them are over. */
  readonly renew: number;
  /** First second at which the rule no longer holds, Unix seconds; absent until further notice. */
  readonly until?: number;
}

/** A rule that takes categories out of all rights: those of other rules, and those that are given one by one. */
export interface DenyRule {
  /** The patient's name for it; no other rule of the patient has it. */
  readonly name: string;
  readonly kind: 'deny';
  /** Parties that it is about; everybody if absent. */
  readonly parties?: readonly Address[];
  /** Categories that it denies; all if absent. */
  readonly categories?: readonly Category[];
  /** First second at which the rule no longer holds, Unix seconds; absent until further notice. */
  readonly until?: number;
}

/** A standing rule of a patient. Denials beat permits. */
export type StandingRule = PermitRule | DenyRule;
