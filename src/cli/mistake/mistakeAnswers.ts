import { MISTAKE } from '../../client/letters/Mistake.ts';

/** Shapes of what the verbs about mistakes print with `--json`. */

/** A report of a mistake, in the answers of `mistake` and `inbox`. */
export const MISTAKE_TOLD = {
  ...MISTAKE,
  /** True if the last letter of this device about it did not go, or its answer has to go once more. */
  'unsent?': 'boolean',
} as const;

/** `mistake report`, `mistake answer`, `mistake ask`, `mistake extend` */
export const MISTAKE_SENT = { mistake: MISTAKE_TOLD } as const;

/** `mistake list` */
export const MISTAKES_LISTED = {
  /** Reports of the party. */
  reported: [MISTAKE_TOLD],
  /** Reports to the party. */
  told: [MISTAKE_TOLD],
} as const;
