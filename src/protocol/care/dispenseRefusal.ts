import type { Dispense, PrescriptionFacts } from './prescriptions.ts';

/**
 * Says why the ledger would refuse a dispense, in the words of the contract, as far as the facts tell: when the next fill
 * is due only the contract knows.
 *
 * @param facts - The prescription as the ledger has it.
 * @param dispense - Step and amount.
 * @param at - The moment, Unix seconds.
 * @returns Undefined if nothing speaks against it.
 */
export function dispenseRefusal(
  facts: PrescriptionFacts,
  { step, amount }: Pick<Dispense, 'step' | 'amount'>,
  at: number,
): string | undefined {
  if (facts.state === 'ended') return 'PrescriptionIsEnded';
  if (facts.state === 'held') return 'PrescriptionIsHeld';
  if (at < facts.from || at >= facts.until) return 'PrescriptionOutOfTime';
  if (step !== facts.step + 1) return 'StepUnexpected';
  if (amount < 1 || amount > leftOf(facts)) return 'AmountExceeded';
  return undefined;
}

/**
 * Returns the amount that one dispense can take at most: the rest of the fill that is begun, or of the whole if all may
 * be dispensed at once.
 *
 * @param facts - The prescription as the ledger has it.
 */
export function leftOf({
  amount,
  dispensed,
  fills,
  interval,
}: Pick<PrescriptionFacts, 'amount' | 'dispensed' | 'fills' | 'interval'>): number {
  const whole = amount * fills;
  if (interval === 0 || dispensed === whole) return whole - dispensed;
  return amount - (dispensed % amount);
}
