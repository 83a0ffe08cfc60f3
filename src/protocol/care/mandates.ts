import type { Address, Bytes32, Handle, Hex } from '../ids.ts';

/** Powers of an acting key as the ledger has them: bits of one number. */
export const POWERS = {
  /** It gives and ends rights. */
  rules: 1,
  /** It keeps the state of the patient's devices, and commits to the chart's keys. */
  keys: 2,
  /** It lets another key act, no wider and no longer. */
  appoint: 4,
} as const;
/** Name of such a power. */
export type Power = keyof typeof POWERS;

/** Private part of a `Mandate`, which the ledger sees only as its salted struct hash. */
export interface MandateTerms {
  /** The party that acts: evidence of what it does is signed by its own key, and names the mandate. */
  readonly representative: Address;
  /** SHA-256 of the age recipient (its text) that the state of the patient's devices is sealed to beside the patient's. */
  readonly recipient: Bytes32;
  /** Reason, in words. */
  readonly reason: string;
  /** True if the representative may audit the chart. */
  readonly audit: boolean;
  /** First second at which nodes take nothing that rests on it: no later than that of the ledger. */
  readonly until: number;
  /** 16 random bytes that keep the terms from being guessed. */
  readonly salt: Hex;
}

/** Most days by which the ledger's end of a mandate is later than the exact one, which it hides. */
export const HIDDEN_DAYS = 90;

/**
 * A patient lets another party act on the chart, by a key that signs nothing else. Its EIP-712 digest is the mandate's key on the
 * ledger, which shows that there is a second key and until when, and never whose it is.
 */
export interface Mandate {
  readonly terms: MandateTerms;
  readonly handle: Handle;
  /** Address of the acting key. */
  readonly key: Address;
  /** Bits of `POWERS`. */
  readonly powers: number;
  /** First second at which the ledger takes nothing of the key; up to 90 days after that of the terms, which it hides. */
  readonly until: number;
  /** Last second at which the ledger takes it. */
  readonly deadline: number;
}

/** The patient, or the acting key itself, ends a mandate. */
export interface EndMandate {
  readonly handle: Handle;
  /** The acting key: it has one mandate on a handle, ever. */
  readonly key: Address;
  readonly deadline: number;
}

/** A mandate as the ledger has it. */
export interface MandateFacts {
  /** Its digest. */
  readonly mandate: Bytes32;
  readonly key: Address;
  /** Bits of `POWERS`. */
  readonly powers: number;
  /** First second at which the key signs nothing. */
  readonly until: number;
  readonly state: 'active' | 'ended';
  /** The last epoch that was committed to when it was ended; absent while nobody ended it. */
  readonly lastEpoch?: number;
  /** The key that appointed it; absent if the patient did. */
  readonly appointer?: Address;
}

/** Most mandates that one key acts by: its own, and that of who appointed it, who was appointed by nobody. */
export const MOST_ACTING = 2;

/** The requests about mandates that go to the ledger. */
export const MANDATE_TYPES = ['Mandate', 'EndMandate'] as const;
/** Name of such a request. */
export type MandateType = (typeof MANDATE_TYPES)[number];
