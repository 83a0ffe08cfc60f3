import type { PatientFacts } from '../evidence/facts.ts';

/** Facts of one commitment to epochs. */
export type OneCommitment = Pick<PatientFacts, 'handle' | 'first' | 'count' | 'root'>;

/**
 * Returns the commitment that an epoch is or will be of: the next one from its first epoch on, the present one before.
 *
 * @param patient - The chart as the ledger has it.
 * @param epoch - The epoch, which may be past both.
 */
export function commitmentFor(patient: PatientFacts, epoch: number): OneCommitment {
  const { handle, next, first, count, root } = patient;
  return next !== undefined && epoch >= next.first
    ? { handle, ...next }
    : { handle, first, count, root };
}
