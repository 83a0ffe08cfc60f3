import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { Outcome } from '../../protocol/evidence.ts';

/** What became of a submission that failed. */
export function refusal(error: unknown): Outcome {
  return { outcome: 'refused', problem: toMedsealError(error).toProblem() };
}
