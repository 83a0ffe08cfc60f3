import { ADDRESS, ListOf, OneOf } from '../../../src/protocol/wire/findShapeError.ts';
import { isOfShape } from '../../../src/protocol/wire/isOfShape.ts';
import type { Of } from '../../../src/protocol/struct/Of.ts';

/** Groups of lines on a card, in the order in which helpers need them. */
export const CARD_GROUPS = [
  'allergies',
  'medicines',
  'problems',
  'blood',
  'languages',
  'contacts',
  'more',
] as const;
/** A group of lines on a card. */
export type CardGroup = (typeof CARD_GROUPS)[number];

/** Most lines of a card, and most characters of one. */
export const [MOST_LINES, LONGEST_LINE] = [60, 300];

const CARD = {
  /** The key of the person whose card it is. */
  owner: ADDRESS,
  /** Name and date of birth, in the person's words. */
  name: 'text',
  /** Unix seconds. */
  made: 'count',
  lines: new ListOf({ group: new OneOf(...CARD_GROUPS), text: 'text' }, MOST_LINES),
  /** Groups of which the records, all of them read, named nothing when it was made; any other one without lines is not stated. */
  'noneKnown?': new ListOf(new OneOf(...CARD_GROUPS), CARD_GROUPS.length),
  /** Unix seconds at which the records changed after it was made, as far as this device knows. */
  'changed?': 'count',
} as const;

/** A few lines that a person put together for helpers in an emergency. */
export type EmergencyCard = Of<typeof CARD>;
/** A line of a card. */
export type CardLine = EmergencyCard['lines'][number];

/**
 * Tells whether a value is a card.
 *
 * @param value - Not trusted: an older portal may have stored it.
 */
export function isEmergencyCard(value: unknown): value is EmergencyCard {
  return isOfShape(CARD, value);
}
