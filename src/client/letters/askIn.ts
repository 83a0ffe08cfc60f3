import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import type { Signed } from '../../protocol/struct/requests.ts';
import type { Party } from '../party/Party.ts';
import { enteredIn } from './enteredIn.ts';

/** A statement about a request for a right, as an entry holds it. */
export interface EnteredAsk extends Signed<'Ask'> {
  /** The moment at which it was judged, Unix seconds. */
  readonly at: number;
}

/**
 * Returns the statement about a request for a right that an entry holds; undefined if the entry holds none, or refuses
 * it. The `index` of the entry proves nothing: coordinators sign for the log and the entry.
 *
 * @param party - The reader, with the network file.
 * @param entry - Not trusted.
 * @throws MedsealError `EVIDENCE_INVALID`.
 */
export function askIn(party: Party, entry: Acknowledgement): EnteredAsk | undefined {
  const { flag, at, request } = enteredIn(party, entry);
  return flag === 'A' && request.type === 'Ask' ? { ...(request as Signed<'Ask'>), at } : undefined;
}
