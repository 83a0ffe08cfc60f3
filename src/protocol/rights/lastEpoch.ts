import type { PatientFacts } from '../evidence/facts.ts';

/** Returns the last epoch that a patient has committed to; 0 before the first commitment. */
export function lastEpoch({ first, count, next }: PatientFacts): number {
  const { first: begin, count: length } = next ?? { first, count };
  return Math.max(0, begin + length - 1);
}
