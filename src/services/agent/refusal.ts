import { toPublicError } from '../../errors/toPublicError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import type { Acknowledgement, Outcome } from '../../protocol/evidence/evidence.ts';

/** Outcome of a submission that failed, with its entry if there is one. */
export function refusal(error: unknown, acknowledgement?: Acknowledgement): Outcome {
  const problem = toPublicError(toMedsealError(error)).toProblem();
  return { outcome: 'refused', problem, ...(acknowledgement && { acknowledgement }) };
}
