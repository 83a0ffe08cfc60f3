import { listClaims, type ClaimListed } from '../../client/claims/readClaims.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Visitor } from '../home/openVisitor.ts';
import { readNamedId, withBeginning } from '../program/withBeginning.ts';

/**
 * Finds a claim of the visitor by the beginning of its digest.
 *
 * @param visitor - Claimant, patient or insurer.
 * @param id - Four digits or more, with or without `0x`.
 * @throws MedsealError `ARGUMENT_INVALID`, `NOT_FOUND`.
 */
export async function findClaim({ party }: Visitor, id: string): Promise<ClaimListed> {
  const named = readNamedId(id, 'claim');
  const [only] = withBeginning(named, await listClaims(party), ({ digest }) => digest);
  if (only === undefined) throw new MedsealError('NOT_FOUND', { what: 'claim' });
  return only;
}
