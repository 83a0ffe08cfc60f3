import { ADDRESS, BYTES32, OneOf } from '../../protocol/wire/findShapeError.ts';
import { MISTAKE_TOLD } from '../mistake/mistakeAnswers.ts';
import { RULES_APPLIED } from '../rule/ruleAnswers.ts';
import { VITAL_TOLD } from '../vital/vitalAnswers.ts';
import { messageShape, TERMS } from '../../protocol/shapes/messageShape.ts';
import { END_PLACE } from './placeOfEnd.ts';

/** Shapes of what the verbs about rights print with `--json`. */

/** A device, as its code names it. */
export const DEVICE_TOLD = { address: ADDRESS, 'model?': 'text', 'serial?': 'text' } as const;

/** `grant` */
export const GRANT_GIVEN = {
  grant: BYTES32,
  /** True if the same right stood before. */
  already: 'boolean',
  terms: TERMS,
  'transaction?': BYTES32,
  'block?': 'count',
  /** True if the letter with the grant was sent. */
  delivered: 'boolean',
  'file?': 'text',
} as const;

/** `grants` */
export const GRANTS_LISTED = {
  handle: BYTES32,
  grants: [
    {
      grant: BYTES32,
      state: new OneOf('holds', 'coming', 'expired', 'suspended', 'unknown'),
      'terms?': TERMS,
      /** The device that it binds. */
      'device?': DEVICE_TOLD,
    },
  ],
} as const;

/** `revoke` */
export const GRANTS_REVOKED = {
  revoked: [{ grant: BYTES32, ...END_PLACE }],
  /** Grants whose grantees do not have the new key yet. */
  'pending?': [BYTES32],
  /** True if the rights had ended before. */
  'already?': 'boolean',
} as const;

/** `request` */
export const ACCESS_REQUESTED = {
  request: BYTES32,
  handle: BYTES32,
  deadline: 'count',
  'log?': 'text',
  'index?': 'count',
} as const;

const SHOWN_IN = { log: 'text', entry: BYTES32 } as const;

/** A request in `inbox`. */
export const ACCESS_ASKED = {
  request: BYTES32,
  from: ADDRESS,
  handle: BYTES32,
  terms: TERMS,
  deadline: 'count',
  /** The entries that show the request and its answer. */
  'entry?': SHOWN_IN,
  'answer?': new OneOf('granted', 'declined', 'withdrawn'),
  'answerEntry?': SHOWN_IN,
} as const;

/** `inbox` */
export const INBOX = {
  rights: [messageShape('Grant')],
  answers: [ACCESS_ASKED],
  /** Requests to the patient that their authors withdrew. */
  withdrawals: [ACCESS_ASKED],
  /** Open requests to the patient. */
  requests: [ACCESS_ASKED],
  /** Open requests of the party itself. */
  asking: [ACCESS_ASKED],
  /** Reports of mistakes that came, and those of the party that were answered. */
  mistakes: [MISTAKE_TOLD],
  /** Patients whose wills came, and for how many seconds after their death the party may read. */
  wills: [{ handle: BYTES32, lasts: 'count' }],
  /** Births and deaths that others say of the patient, and that the patient may object to; a death always. */
  life: [VITAL_TOLD],
  /** Rights that the patient's standing rules led to; absent without rules. */
  'rules?': RULES_APPLIED,
  /** Aliases of contacts that came from another device of the party. */
  contacts: ['text'],
  /** Letters about orders to this laboratory, and about orders of the party. */
  orders: 'count',
  orderAnswers: 'count',
  /** Senders of letters that a former key of theirs signed; what these say is not shown. */
  formerKeys: [ADDRESS],
  discarded: 'count',
} as const;

/** `approve` */
export const REQUEST_APPROVED = { request: BYTES32, grant: BYTES32, terms: TERMS } as const;

/** `deny`, `withdraw` */
export const REQUEST_DENIED = { request: BYTES32 } as const;
