import { ADDRESS, BYTES32, OneOf } from '../../protocol/wire/findShapeError.ts';
import { VITAL_STAGES, VITALS } from '../../protocol/struct/vitalTypes.ts';

/** Shapes of what the verbs about births, deaths and wills print with `--json`. */

/** `birth register`, `death report`; and of both `confirm`, `object`, `agree`; `death show` */
export const VITAL_TOLD = {
  what: new OneOf(...VITALS),
  handle: BYTES32,
  stage: new OneOf(...VITAL_STAGES),
  /** Digest of the report. */
  'report?': BYTES32,
  'reporter?': ADDRESS,
  /** Moment of the confirmation, Unix seconds. */
  'since?': 'count',
  /** True if nothing was left to do. */
  'already?': 'boolean',
  /** File with what was signed, which whoever confirms it needs. */
  'file?': 'text',
} as const;

/** `birth permit` */
export const BIRTH_PERMITTED = {
  /** The child. */
  handle: BYTES32,
  registrar: ADDRESS,
  deadline: 'count',
  file: 'text',
} as const;

/** `birth show` */
export const BIRTH_SHOWN = {
  ...VITAL_TOLD,
  /** True if the file that was given is what the ledger has. */
  'matches?': 'boolean',
  /** True if the birth in the file names a mother. */
  'namesMother?': 'boolean',
  /** The mother, if the file has her permission. */
  'mother?': BYTES32,
} as const;

/** `birth undo`, `death undo` */
export const UNDOING_SIGNED = {
  what: new OneOf(...VITALS),
  handle: BYTES32,
  report: BYTES32,
  second: ADDRESS,
  file: 'text',
} as const;

/** `will set`, `will show` */
export const WILL_TOLD = {
  handle: BYTES32,
  /** Its number on the ledger; 0 if there is no will. */
  number: 'count',
  /** Grants that hold on after death, and for how many seconds; absent if no device of the patient knows them. */
  'grants?': [BYTES32],
  'lasts?': 'count',
  'already?': 'boolean',
} as const;

/** `will hand-over` */
export const WILL_HANDED_OVER = { told: [ADDRESS], unknown: [BYTES32] } as const;
