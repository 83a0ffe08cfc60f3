import type { DepositCopy } from '../ports.ts';

/**
 * Returns the number of characters that a deposit takes, without its state, which counts by its own row.
 *
 * @param copy - With its packets and sheets.
 */
export function charge(copy: DepositCopy): number {
  if (!('patient' in copy)) return JSON.stringify(copy).length;
  const { request, packets } = copy.patient;
  return JSON.stringify({ patient: { request, packets } }).length;
}
