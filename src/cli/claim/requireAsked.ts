import { confirmClaim } from '../../client/care/claims/confirmClaim.ts';
import type { Party } from '../../client/party/Party.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { claimInWords } from './describeClaim.ts';

/**
 * Requires that the insurer of a claim waits for an answer, as k coordinators confirm.
 *
 * @param party - Party that asks.
 * @param claim - The claim.
 * @throws MedsealError `RULE_REFUSED` in any other state; `NOT_FOUND`.
 */
export async function requireAsked(party: Party, claim: Bytes32): Promise<void> {
  const { state } = await confirmClaim(party, claim);
  if (state !== 'asked')
    throw claimInWords(new MedsealError('RULE_REFUSED', { reason: 'StateUnfit' }));
}
