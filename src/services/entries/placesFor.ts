import { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { Signed, View } from '../../protocol/struct/requests.ts';

/**
 * Returns the places of the entries of a log that an acknowledged audit or chain lists: those that concern the patient,
 * or those that the party signed itself.
 *
 * @param log - The log, as an organisation holds it.
 * @param request - The audit or the chain.
 * @param size - Number of entries of the log to look at, from the first.
 * @throws MedsealError `RIGHT_MISSING` for any other view.
 */
export async function placesFor(
  log: Pick<EvidenceLog, 'concerning' | 'signedBy'>,
  { party, message }: Pick<Signed<'View'>, 'party' | 'message'>,
  size: number,
): Promise<readonly number[]> {
  const { what, handle }: View = message;
  if (what !== 'audit' && what !== 'chain') throw new MedsealError('RIGHT_MISSING', {});
  const places = what === 'chain' ? await log.signedBy(party) : await log.concerning(handle);
  return places.filter((index) => index < size);
}
