import type { RightStopped } from '../../client/rights/endRight.ts';
import { BYTES32 } from '../../protocol/wire/findShapeError.ts';
import type { Of } from '../../protocol/struct/Of.ts';

/** The place of an end of a right on the ledger; without one it waits for that. */
export const END_PLACE = { 'transaction?': BYTES32, 'block?': 'count' } as const;

/** Said of ends that wait for the ledger. */
export const END_WAITS =
  'In force: enough organisations refuse it from now on. The ledger takes nothing now; it gets the end once it goes on, and you get new keys then.';

/** Returns the place of an end of a right. */
export function placeOfEnd(ended: RightStopped): Of<typeof END_PLACE> {
  if (ended.outcome === 'kept') return {};
  const { transaction, block } = ended;
  return { transaction, block };
}
