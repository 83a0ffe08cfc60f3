import type { VitalFacts } from '../care/vitalRecords.ts';
import { OBJECTION_TERM } from '../struct/vitalTypes.ts';

/**
 * Returns the first second at which a patient cannot undo alone what is said of them: after that it takes two
 * organisations.
 *
 * @param facts - The patient's own birth or death.
 * @returns Unix seconds; `Infinity` while it is only reported, and 0 if nothing is.
 */
export function objectionEnds({ stage, since = 0 }: Pick<VitalFacts, 'stage' | 'since'>): number {
  if (stage === 'reported') return Infinity;
  return stage === 'none' ? 0 : since + OBJECTION_TERM;
}
