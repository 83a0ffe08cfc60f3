import { listClaims, type ClaimListed } from '../../client/claims/readClaims.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Visitor } from '../home/openVisitor.ts';

/**
 * Finds a claim of the visitor by the beginning of its digest.
 *
 * @param visitor - Claimant, patient or insurer.
 * @param id - Four digits or more, with or without `0x`.
 * @throws MedsealError `ARGUMENT_INVALID`, `NOT_FOUND`.
 */
export async function findClaim({ party }: Visitor, id: string): Promise<ClaimListed> {
  const beginning = id.startsWith('0x') ? id : `0x${id}`;
  if (!/^0x[0-9a-f]{4,64}$/.test(beginning)) {
    const reason = 'give four hexadecimal digits of the claim’s id, or more';
    throw new MedsealError('ARGUMENT_INVALID', { argument: id, reason });
  }
  const found = (await listClaims(party)).filter(({ digest }) => digest.startsWith(beginning));
  const [only, other] = found;
  if (other !== undefined) {
    const reason = 'several ids begin like this; give more of the id';
    throw new MedsealError('ARGUMENT_INVALID', { argument: id, reason });
  }
  if (only === undefined) throw new MedsealError('NOT_FOUND', { what: 'claim' });
  return only;
}
