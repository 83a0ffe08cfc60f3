import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';

/**
 * Runs a check of evidence from outside: whatever it stumbles over is evidence that does not hold.
 *
 * @param check - The check.
 * @returns What the check returns.
 * @throws MedsealError `EVIDENCE_INVALID`, whatever the check throws.
 */
export function checkEvidence<Result>(check: () => Result): Result {
  try {
    return check();
  } catch (cause) {
    if (isMedsealError(cause, 'EVIDENCE_INVALID')) throw cause;
    const reason = 'it is not of the form that evidence has';
    throw new MedsealError('EVIDENCE_INVALID', { reason }, { cause });
  }
}
