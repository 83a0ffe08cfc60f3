import { ADDRESS, BYTES32, OneOf } from '../../protocol/findShapeError.ts';

/** Shapes of what the verbs about births, deaths and wills print with `--json`. */

/** `birth register` */
export const BIRTH_REGISTERED = {
  handle: BYTES32,
  birth: BYTES32,
  /** True if it was registered before. */
  already: 'boolean',
  /** File with what was signed, which shows what the ledger's digest stands for. */
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
  handle: BYTES32,
  'birth?': BYTES32,
  /** True if the file that was given is what the ledger has. */
  'matches?': 'boolean',
  'registrar?': ADDRESS,
  /** The mother, if she is named and permitted that. */
  'mother?': BYTES32,
} as const;

/** `death report`, `death confirm`, `death object`, `death agree`, `death show` */
export const DEATH_TOLD = {
  handle: BYTES32,
  state: new OneOf('living', 'reported', 'dead'),
  /** Digest of the report. */
  'death?': BYTES32,
  'reporter?': ADDRESS,
  /** Moment of the confirmation, Unix seconds. */
  'since?': 'count',
  /** True if nothing was left to do. */
  'already?': 'boolean',
  'file?': 'text',
} as const;

/** `death undo` */
export const UNDOING_SIGNED = {
  handle: BYTES32,
  death: BYTES32,
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
