import type { SavedChain } from '../../protocol/evidence/evidence.ts';
import { parseBody } from '../../protocol/evidence/parseBody.ts';
import type { Address, Handle } from '../../protocol/ids.ts';

/** The chart that an archive is of, by the audit in it. */
export interface ArchiveSubject {
  readonly handle: Handle;
  readonly party: Address;
  /** Moment that the archive is of, Unix seconds. */
  readonly at: number;
}

/**
 * The chart, patient and moment of an archive, by the audit in it.
 *
 * @param chain - The audit.
 * @throws MedsealError `EVIDENCE_INVALID`.
 */
export function subjectOf({ handle, acknowledgement }: SavedChain): ArchiveSubject {
  const { at, request } = parseBody(acknowledgement.body);
  return { handle, party: request.party, at };
}
