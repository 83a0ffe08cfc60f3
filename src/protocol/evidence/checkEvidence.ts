import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';

/**
 * Runs a check of evidence from outside: any error means that the evidence is not valid.
 *
 * @param check - The check.
 * @returns Result of the check.
 * @throws MedsealError `EVIDENCE_INVALID`, whatever the check throws.
 */
export function checkEvidence<Result>(check: () => Result): Result {
  try {
    return check();
  } catch (cause) {
    if (isMedsealError(cause, 'EVIDENCE_INVALID')) throw cause;
    const reason = 'it is malformed';
    throw new MedsealError('EVIDENCE_INVALID', { reason }, { cause });
  }
}
