import type { HeldOffice } from '../../bindings/readOfficeChanges.ts';
import type { SignedRule } from '../../protocol/network/Successor.ts';

/**
 * Tells whether a change of an office made what the Registry holds.
 *
 * @param message - The change.
 * @param held - The office as the Registry has it.
 */
export function isHeldOffice(
  { members, threshold }: SignedRule<'OfficeChange'>['message'],
  held: HeldOffice,
): boolean {
  return (
    threshold === held.threshold &&
    members.length === held.members.length &&
    members.every((member, place) => member === held.members[place])
  );
}
