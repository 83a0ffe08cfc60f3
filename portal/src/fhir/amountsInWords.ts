import type { Amount, AmountRange, Said } from './Said.ts';
import { sayFhir, type FhirWords } from './sayFhir.ts';

/**
 * Says values that were measured together, with one unit behind them if they share it, such as 120 / 80 mmHg.
 *
 * @param amounts - The values.
 * @param words - The person's words.
 */
export function amountsInWords(amounts: readonly Amount[], words: FhirWords): string {
  const [first] = amounts;
  const isOne = amounts.every(({ unit }) => unit === first?.unit);
  const texts = amounts.map((each) => sayFhir(isOne ? { ...each, unit: '' } : each, words));
  return `${texts.join(' / ')} ${isOne ? (first?.unit ?? '') : ''}`.trim();
}

/**
 * A reference range, to be put into words.
 *
 * @param ends - Its ends, either of which may be absent.
 * @param unit - Unit of both.
 * @returns Undefined without any end.
 */
export function saidRange(
  { low, high }: { readonly low?: number; readonly high?: number },
  unit: string,
): Said | undefined {
  if (low === undefined && high === undefined) return undefined;
  const end = (value: number): Amount => ({ amount: String(value), value, unit });
  const range: AmountRange = {
    ...(low !== undefined && { low: end(low) }),
    ...(high !== undefined && { high: end(high) }),
  };
  return range;
}
