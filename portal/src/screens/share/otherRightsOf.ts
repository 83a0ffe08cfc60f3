import type { GrantListed } from '../../../../src/client/index.ts';

/**
 * Finds the rights of the same person that stand beside one: ending that one leaves them.
 *
 * @param right - The right that ends.
 * @param listed - Rights on the chart. One whose holder this device does not know counts: it can be that person's.
 */
export function otherRightsOf(
  right: GrantListed,
  listed: readonly GrantListed[],
): readonly GrantListed[] {
  const holder = right.grant?.terms.grantee;
  return listed.filter(({ digest, state, grant }) => {
    if (digest === right.digest || state === 'expired') return false;
    return grant === undefined || holder === undefined || grant.terms.grantee === holder;
  });
}
