import { toPublicError } from '../../errors/toPublicError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { Acknowledgement, Outcome } from '../../protocol/evidence.ts';

/** What became of a submission that failed, with its entry where it became one. */
export function refusal(error: unknown, acknowledgement?: Acknowledgement): Outcome {
  const problem = toPublicError(toMedsealError(error)).toProblem();
  return { outcome: 'refused', problem, ...(acknowledgement && { acknowledgement }) };
}
