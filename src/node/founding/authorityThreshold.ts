/**
 * Threshold of the authority in a new network: over half of its members, and one more than may be faulty. The ledger
 * orders what the authority decides, so two sets of its members need no honest one in common.
 *
 * @param organisations - Number of organisations.
 * @param faulty - Number of organisations that may be faulty.
 */
export function authorityThreshold(organisations: number, faulty: number): number {
  return Math.max(Math.floor(organisations / 2), faulty) + 1;
}
