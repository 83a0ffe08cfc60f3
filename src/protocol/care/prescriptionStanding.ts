import type { PrescriptionFacts } from './prescriptions.ts';

/** All that can have become of a prescription. */
export const PRESCRIPTION_STANDINGS = [
  'unissued',
  'early',
  'active',
  'dispensed',
  'held',
  'cancelled',
  'replaced',
  'expired',
  'completed',
] as const;
/**
 * Present state of a prescription, by the ledger and the time: `unissued` if the ledger does not have it, `dispensed` if nothing
 * is left of it within its time, `completed` if nothing is left after it, `expired` if something is.
 */
export type PrescriptionStanding = (typeof PRESCRIPTION_STANDINGS)[number];

/**
 * Returns what became of a prescription.
 *
 * @param facts - The prescription as the ledger has it; undefined if it does not.
 * @param at - The moment, Unix seconds.
 */
export function prescriptionStanding(
  facts: PrescriptionFacts | undefined,
  at: number,
): PrescriptionStanding {
  if (facts === undefined) return 'unissued';
  if (facts.state === 'ended') return facts.replacement === undefined ? 'cancelled' : 'replaced';
  if (facts.state === 'held') return 'held';
  const isWhole = facts.dispensed === facts.amount * facts.fills;
  if (at >= facts.until) return isWhole ? 'completed' : 'expired';
  if (isWhole) return 'dispensed';
  return at < facts.from ? 'early' : 'active';
}
