import { ListOf, OneOf, SIGNATURE, type Pattern } from '../wire/findShapeError.ts';
import { findShapeError } from '../wire/findShapeError.ts';
import type { Hex } from '../ids.ts';
import type { Of } from '../struct/Of.ts';
import { ORGANISATION, POINT, SUCCESSOR } from '../shapes/answerShapes.ts';
import { MAX_FORMER_RELEASES, MAX_SUCCESSOR_ORGANISATIONS } from '../network/Successor.ts';

const SCALAR: Pattern<Hex> = /^0x[0-9a-f]{64}$/;
const SEALED: Pattern<Hex> = /^0x[0-9a-f]{2,65536}$/;

/** A deal of one release key: what its dealer publishes. */
const DEALT = {
  /** Public key of the key whose shares are dealt again; absent for a new key. */
  'key?': POINT,
  commitments: new ListOf(POINT, MAX_SUCCESSOR_ORGANISATIONS, 1),
  proof: { commitment: POINT, response: SCALAR },
} as const;

/** The shape of an organisation's deals. */
export const DEAL = {
  organisation: ORGANISATION,
  keys: new ListOf(DEALT, MAX_FORMER_RELEASES + 2, 1),
  /** The members' shares, each sealed to the recipient that the member gave. */
  shares: new ListOf({ organisation: ORGANISATION, sealed: SEALED }, MAX_SUCCESSOR_ORGANISATIONS),
  signature: SIGNATURE,
} as const;

/** The text of an age recipient that shares are sealed to. */
export const SHARE_RECIPIENT = /^age1pq1[0-9a-z]{1,2100}$/;

const RECIPIENT = {
  organisation: ORGANISATION,
  /** An age recipient that was made for this change. */
  recipient: SHARE_RECIPIENT,
  signature: SIGNATURE,
  /** The same, signed by the key that its coordinator has in the file before, if the change gives it another one. */
  'former?': SIGNATURE,
} as const;

const DEALING = {
  format: new OneOf('medseal-dealing/2'),
  /** The channel whose release key is dealt. */
  channel: 'text',
  /**
   * `new` deals a key beside those that there are, `replace` one in their place, `refresh` deals the shares of those that there
   * are again.
   */
  release: new OneOf('new', 'refresh', 'replace'),
  /** The change; it names the keys once they are dealt, and gets its signatures after that. */
  successor: SUCCESSOR,
  recipients: new ListOf(RECIPIENT, MAX_SUCCESSOR_ORGANISATIONS),
  deals: new ListOf(DEAL, MAX_SUCCESSOR_ORGANISATIONS),
} as const;

/**
 * A change of a network that deals shares of release keys, on its way from organisation to organisation: first each member gives
 * a recipient, then those who can deal, and then all sign.
 */
export type Dealing = Of<typeof DEALING>;

/** The deals of an organisation: for each key its commitments, and for each member its shares. */
export type GivenDeal = Of<typeof DEAL>;

/** An organisation's deal of one key. */
export type KeyDeal = Of<typeof DEALT>;

/** The kind of a change that deals shares. */
export type DealtKind = Dealing['release'];

/** Tells whether a value is a change that deals keys of the curve of before. */
export function isDealingBefore(value: unknown): boolean {
  const format = (value as { readonly format?: unknown } | null)?.format;
  return format === 'medseal-dealing/1';
}

/**
 * Tells whether a value from outside has the shape of a change that deals shares.
 *
 * @param value - Value, decoded from JSON.
 */
export function isDealing(value: unknown): value is Dealing {
  return findShapeError(DEALING, value, 'it') === undefined;
}
