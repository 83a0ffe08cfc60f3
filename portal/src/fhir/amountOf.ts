import { fieldOf } from '../../../src/fhir/fieldOf.ts';
import { numberTextOf, type Holder } from '../../../src/fhir/numberTexts.ts';
import type { Amount } from './Said.ts';
import { shownText } from './shownText.ts';
import { unitText } from './unitText.ts';

const COMPARATORS = ['<', '<=', '>=', '>'] as const;

/**
 * The amount that a FHIR Quantity or Money says, with the digits that its author wrote.
 *
 * @param quantity - Anything.
 * @returns Undefined if it has no number.
 */
export function amountOf(quantity: unknown): Amount | undefined {
  const value = fieldOf(quantity, 'value');
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  const unit = fieldOf(quantity, 'unit') ?? fieldOf(quantity, 'code');
  const comparator = COMPARATORS.find((each) => each === fieldOf(quantity, 'comparator'));
  const amount = shownText(numberTextOf(quantity as Holder, 'value') ?? String(value), 60);
  return {
    amount: rounded(amount, value),
    value,
    unit: unit === undefined ? shownText(fieldOf(quantity, 'currency'), 10) : unitText(unit),
    ...(comparator && { comparator }),
  };
}

/** Machines write 15 digits where they measured four; nobody can read that. Digits before the point all stay. */
function rounded(text: string, value: number): string {
  const [, whole = '', fraction = ''] = /^-?(\d+)\.(\d+)$/.exec(text) ?? [];
  if (whole.replace(/^0$/, '').length + fraction.replace(/^0+/, '').length <= 8) return text;
  return String(Number(value.toFixed(Math.max(0, 6 - whole.replace(/^0$/, '').length))));
}
