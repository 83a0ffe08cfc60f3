import { MedsealError } from '../../errors/MedsealError.ts';
import { checkEvidence } from '../../protocol/evidence/checkEvidence.ts';
import type { Acknowledgement, Body } from '../../protocol/evidence/evidence.ts';
import { parseShape } from '../../protocol/wire/parseShape.ts';
import { ACKNOWLEDGEMENT } from '../../protocol/shapes/acknowledgementShape.ts';
import { verifyAcknowledgement } from '../../protocol/evidence/verifyAcknowledgement.ts';
import type { Party } from '../party/Party.ts';

/**
 * Returns the body of an entry that came in a letter, once the entry is verified. Its `index` proves nothing:
 * coordinators sign for the log and the entry.
 *
 * @param party - The reader, with the network file.
 * @param entry - Not trusted.
 * @throws MedsealError `EVIDENCE_INVALID`.
 */
export function enteredIn(party: Party, entry: Acknowledgement): Body {
  return checkEvidence(() => {
    const sound = parseShape(ACKNOWLEDGEMENT, entry, 'entry', invalid);
    return verifyAcknowledgement(party, party.network, sound);
  });
}

function invalid(reason: string): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason });
}
