import { checkEvidence } from '../../protocol/checkEvidence.ts';
import type { Acknowledgement } from '../../protocol/evidence.ts';
import { parseBody } from '../../protocol/parseBody.ts';
import type { Signed } from '../../protocol/requests.ts';
import { verifyAcknowledgement } from '../../protocol/verifyAcknowledgement.ts';
import type { Party } from '../party/Party.ts';

/**
 * Returns the statement about a request for a right that an entry holds; undefined if the entry holds none, or refuses
 * it.
 *
 * @param party - The reader, with the network file.
 * @param entry - Not trusted.
 * @throws MedsealError `EVIDENCE_INVALID`.
 */
export function askIn(party: Party, entry: Acknowledgement): Signed<'Ask'> | undefined {
  const { flag, request } = checkEvidence(() => {
    verifyAcknowledgement(party, party.network, entry);
    return parseBody(entry.body);
  });
  return flag === 'A' && request.type === 'Ask' ? (request as Signed<'Ask'>) : undefined;
}
