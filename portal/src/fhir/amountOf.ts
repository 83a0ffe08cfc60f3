import { fieldOf } from '../../../src/fhir/fieldOf.ts';
import { numberTextOf, type Holder } from '../../../src/fhir/numberTexts.ts';
import type { Amount } from './Said.ts';
import { shownText } from './shownText.ts';
import { unitText } from './unitText.ts';

/** Most characters of a number, and most zeros behind its point before it is written with an exponent. */
const [LONGEST, MOST_ZEROS] = [60, 12];
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
  const written = numberTextOf(quantity as Holder, 'value') ?? String(value);
  return {
    amount: shownText(rounded(written, value), LONGEST),
    value,
    unit: unit === undefined ? shownText(fieldOf(quantity, 'currency'), 10) : unitText(unit),
    ...(comparator && { comparator }),
  };
}

/**
 * Machines write 15 digits where they measured four; nobody can read that. Digits before the point all stay, and of what is
 * below one six that count: no amount reads as zero but zero.
 */
function rounded(written: string, value: number): string {
  // Few people read an exponent.
  const text = /^-?\d(?:\.\d+)?e-(?:\d|1[0-2])$/i.test(written) ? value.toFixed(20) : written;
  const [, whole = '', fraction = ''] = /^-?0*(\d*)\.(\d+)$/.exec(text) ?? [];
  const zeros = whole === '' ? (/^0*/.exec(fraction)?.[0].length ?? 0) : 0;
  const isShort = text.length <= LONGEST && zeros <= MOST_ZEROS;
  if (isShort && whole.length + fraction.length - zeros <= 8) return text;
  if (zeros > MOST_ZEROS || text.length > LONGEST) return String(Number(value.toPrecision(6)));
  const fixed = value.toFixed(Math.max(0, 6 + zeros - whole.length));
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed;
}
