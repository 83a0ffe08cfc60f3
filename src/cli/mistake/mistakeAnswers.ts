import { ADDRESS, BYTES32, OneOf } from '../../protocol/wire/findShapeError.ts';
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

/** An objection to a record, in the answer of `mistake due`. */
export const CORRECTION = {
  objection: BYTES32,
  /** The record that it is about. */
  record: BYTES32,
  /** Last second at which an answer is in time, Unix seconds. */
  due: 'count',
  state: new OneOf('open', 'overdue', 'answered', 'withdrawn'),
  /** Records of the answer, and of the patient's statement of disagreement. */
  'answer?': BYTES32,
  'statement?': BYTES32,
} as const;

/** `mistake due` */
export const CORRECTIONS_LISTED = { handle: BYTES32, objections: [CORRECTION] } as const;

/** `mistake tell`: readers to whom a letter went now, and those who could not be told. */
export const READERS_TOLD = { told: [ADDRESS], untold: [ADDRESS] } as const;
