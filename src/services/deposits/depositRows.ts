import { exactRow } from '../../database/exactRow.ts';
import { ADDRESS, BYTES32 } from '../../protocol/wire/findShapeError.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import { KEY_CHANGES } from '../../protocol/shapes/messageShape.ts';
import type { Of } from '../../protocol/struct/Of.ts';

/** End of a right whose grantee was given keys of epochs. */
export const GRANT_END = {
  handle: BYTES32,
  grant: BYTES32,
  grantee: ADDRESS,
  /** First second at which it no longer holds. */
  until: 'count',
  /** The newest epoch whose keys were sealed to the grantee. */
  sealedTo: 'count',
} as const;
export type GrantEnd = Of<typeof GRANT_END>;

/** A card as its row holds it, with the name of the source that brought it. */
const CARD_ROW = {
  party: ADDRESS,
  recipient: 'text',
  'keyChanges?': KEY_CHANGES,
  'source?': BYTES32,
} as const;
export type CardRow = Of<typeof CARD_ROW>;

/**
 * Returns the card in a row; undefined if the row is absent, or was altered.
 *
 * @param row - JSON.
 */
export function cardIn(row: string | undefined): CardRow | undefined {
  const card = exactRow(row);
  return isOfShape(CARD_ROW, card) ? card : undefined;
}
