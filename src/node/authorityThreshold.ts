/**
 * How many members of the authority must agree in a new network: over half, and one more than may be faulty. The ledger
 * orders what the authority decides, so that sets of its members need no honest one in common.
 *
 * @param organisations - How many there are.
 * @param faulty - How many of them may be faulty.
 */
export function authorityThreshold(organisations: number, faulty: number): number {
  return Math.max(Math.floor(organisations / 2), faulty) + 1;
}
