import { ADDRESS, BYTES32, Either, OneOf } from '../../protocol/wire/findShapeError.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import { signedShape } from '../../protocol/shapes/messageShape.ts';
import { MISTAKE } from './Mistake.ts';

/** Somebody whom the party knows by a name, since a moment. */
export const CONTACT_NOTE = {
  kind: new OneOf('contact'),
  party: ADDRESS,
  name: 'text',
  'handle?': BYTES32,
  /** SHA-256 of the recipient that the name was given to. */
  'recipient?': BYTES32,
  /** Unix seconds of the last change of this note: of two, the later counts. */
  at: 'count',
  /** True if the party forgot the contact. */
  'removed?': 'boolean',
} as const;
/** A note about a contact. */
export type ContactNote = Of<typeof CONTACT_NOTE>;

/** End of a request: the patient's answer, or the withdrawal by the party that asked. */
export const REQUEST_END = new OneOf('granted', 'declined', 'withdrawn');

/** A request to the patient (`asked`), or of the party (`askedFor`). */
const REQUEST_NOTE = {
  kind: new OneOf('asked', 'askedFor'),
  request: signedShape('AccessRequest'),
  'answer?': REQUEST_END,
} as const;
/** A note about a request for a right. */
export type RequestNote = Of<typeof REQUEST_NOTE>;

/** A report of a mistake, by the party or to it. */
const MISTAKE_NOTE = { kind: new OneOf('mistake'), mistake: MISTAKE } as const;
/** A note about a report. */
export type MistakeNote = Of<typeof MISTAKE_NOTE>;

/** A step of a claim of which the party was told: canonical JSON of the `ClaimStepTold`, which its author signed. */
const CLAIM_STEP_NOTE = { kind: new OneOf('claimStep'), told: 'text' } as const;
/** A note about a step of a claim. */
export type ClaimStepNote = Of<typeof CLAIM_STEP_NOTE>;

/** The organisation whose node serves the party, since a moment. */
export const SERVED_NOTE = {
  kind: new OneOf('servedBy'),
  organisation: /^[a-z0-9-]{1,31}$/,
  /** Address below which its node is; devices call it. */
  'url?': /^https?:\/\/[!-~]{1,500}$/,
  /** Unix seconds of the move: of two, the later counts. */
  at: 'count',
} as const;
/** A note about the organisation whose node serves the party. */
export type ServedNote = Of<typeof SERVED_NOTE>;

/** Shape of `DeviceNote`. */
const DEVICE_NOTE = new Either(
  CONTACT_NOTE,
  REQUEST_NOTE,
  MISTAKE_NOTE,
  CLAIM_STEP_NOTE,
  SERVED_NOTE,
);
/** A note from one device of a party to the others, in a letter of the party to itself. */
export type DeviceNote = ContactNote | RequestNote | MistakeNote | ClaimStepNote | ServedNote;

/**
 * Tells whether a value is a note.
 *
 * @param value - Not trusted: an older version of the program may have written it.
 */
export function isDeviceNote(value: unknown): value is DeviceNote {
  return isOfShape(DEVICE_NOTE, value);
}
