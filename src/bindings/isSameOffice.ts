import type { Member } from '../protocol/network/NetworkFile.ts';
import type { Office } from './readOffice.ts';

/**
 * Tells whether an office has the same holders and the same threshold, in whatever order they are named.
 *
 * @param held - The office on the ledger; undefined if it knows of no holder.
 * @param pinned - The office in the network file.
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
