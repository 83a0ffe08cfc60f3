import { codesIn } from '../../../src/fhir/codeOf.ts';
import { codeWord } from './codeWords.ts';
import type { Amount, FhirWord } from './Said.ts';

/** A comparison of a value with its reference range. */
export interface Flag {
  readonly word: FhirWord;
  /** `up` is above the range, `down` below it, `odd` abnormal in another way. */
  readonly direction: 'up' | 'down' | 'odd' | 'none';
  /** The laboratory said so; otherwise it follows from the range. */
  readonly told: boolean;
}

const DIRECTIONS: Readonly<Record<string, Flag['direction']>> = {
  H: 'up',
  HH: 'up',
  HU: 'up',
  L: 'down',
  LL: 'down',
  LU: 'down',
  A: 'odd',
  AA: 'odd',
  POS: 'odd',
  DET: 'odd',
  R: 'odd',
};

/**
 * Says how a value compares with its reference range: what its author says, or else what the range says.
 *
 * @param interpretation - The observation's interpretation.
 * @param amount - The value.
 * @param low - Lower end of the range, in the value's unit.
 * @param high - Upper end.
 */
export function flagOf(
  interpretation: unknown,
  amount: Amount,
  low: number | undefined,
  high: number | undefined,
): Flag | undefined {
  for (const code of codesIn(interpretation)) {
    const word = codeWord('interpretation', code);
    if (word === undefined) continue;
    const direction = Object.hasOwn(DIRECTIONS, code) ? DIRECTIONS[code] : 'none';
    return { word, direction: direction ?? 'none', told: true };
  }
  const { value, comparator } = amount;
  const mayBeLess = comparator?.startsWith('<') === true;
  const mayBeMore = comparator?.startsWith('>') === true;
  if (high !== undefined && value > high && !mayBeLess) {
    return { word: 'fhir.interpretation_H', direction: 'up', told: false };
  }
  if (low !== undefined && value < low && !mayBeMore) {
    return { word: 'fhir.interpretation_L', direction: 'down', told: false };
  }
  const isWithin = low !== undefined && high !== undefined && comparator === undefined;
  return isWithin ? { word: 'fhir.interpretation_N', direction: 'none', told: false } : undefined;
}
