import type { Member } from '../protocol/NetworkFile.ts';
import type { Office } from './readOffice.ts';

/**
 * Tells whether an office has the same holders and the same threshold, in whatever order they are named.
 *
 * @param held - As the ledger has it; undefined if it knows of no holder.
 * @param pinned - As the network file has it.
 */
export function isSameOffice(held: Office | undefined, pinned: Office): boolean {
  return held?.threshold === pinned.threshold && namesOf(held.members) === namesOf(pinned.members);
}

function namesOf(members: readonly Member[]): string {
  return members
    .map(({ address, organisation }) => `${address} ${organisation}`)
    .toSorted()
    .join();
}
