import { MedsealError } from '../../errors/MedsealError.ts';
import type { Party } from '../party/Party.ts';
import { examineShares, ReleaseEvidence } from './keyReleased.ts';
import type { ViewReleased } from './releasedShares.ts';

/**
 * Asks for shares of organisations that did not lie.
 *
 * @param party - The reader.
 * @param released - Shares with which a file did not open.
 * @param error - Why it did not open; it is thrown again if nobody lied.
 * @throws MedsealError `RELEASE_FALSE` with the proof (`falseReleaseOf`) if too few others release.
 */
export async function othersThanLiars(
  party: Party,
  released: ViewReleased,
  error: MedsealError,
): Promise<ViewReleased> {
  const { liars, have, need, proof } = examineShares(party, released);
  if (liars.length === 0 || have >= need) throw error;
  const others = await released.without(liars);
  if (!(others instanceof MedsealError)) return others;
  throw new MedsealError(
    'RELEASE_FALSE',
    { liars: liars.join(', '), have, need },
    { cause: others, evidence: new ReleaseEvidence(proof) },
  );
}
