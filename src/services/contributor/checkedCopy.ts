import type { CopiedEntry, ErasedEntry, NewEntry } from '../../log/EvidenceLog.ts';
import type { AcknowledgementCheck } from '../../protocol/evidence/acknowledgementCheck.ts';
import type { ReadBody } from '../../protocol/evidence/EvidenceReader.ts';
import { readEvidenceBody } from '../../protocol/evidence/readEvidence.ts';
import { newEntryOf } from '../entries/newEntryOf.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/** Entry of a copy as a log takes it. */
export interface CheckedCopy {
  readonly entry: NewEntry | ErasedEntry;
  /** Its body, taken apart, if it has one. */
  readonly read?: ReadBody;
}

/**
 * Returns the entry of a copy as a log takes it; undefined if the copy does not prove itself.
 *
 * @param context - The organisation's context.
 * @param check - Checks the data that entries are kept with.
 * @param copy - Not trusted.
 */
export function checkedCopy(
  context: ServiceContext,
  check: AcknowledgementCheck,
  copy: CopiedEntry,
): CheckedCopy | undefined {
  try {
    if (copy.body === undefined) {
      check.verdicts(copy);
      return { entry: copy };
    }
    const read = readEvidenceBody(context, copy.body);
    check.body(copy, read);
    return { entry: newEntryOf(copy, read), read };
  } catch {
    return undefined;
  }
}
