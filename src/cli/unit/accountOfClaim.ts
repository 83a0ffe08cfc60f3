import { claimAccounts, type ClaimAccount } from '../../client/care/claims/claimAccount.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { findClaim } from '../claim/findClaim.ts';
import type { Visitor } from '../home/openVisitor.ts';

/**
 * Returns the account with which a claim pays the visitor, and its key.
 *
 * @param visitor - The payee.
 * @param id - The claim, or the beginning of its id.
 * @throws MedsealError `NOT_FOUND`; `RIGHT_MISSING` if it pays somebody else.
 */
export async function accountOfClaim(visitor: Visitor, id: string): Promise<ClaimAccount> {
  const { digest } = await findClaim(visitor, id);
  const own = (await claimAccounts(visitor.party)).find(({ claim }) => claim === digest);
  if (own === undefined) throw new MedsealError('RIGHT_MISSING', {});
  return own;
}
