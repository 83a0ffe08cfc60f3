import {
  confirmClaim,
  isMedsealError,
  readClaim,
  type ClaimListed,
  type ClaimRead,
  type Party,
  stepsTold,
  requireKnownClaim,
} from '../../../../src/client/index.ts';
import type { Bytes32 } from '../../../../src/protocol/ids.ts';

/** A claim with its papers, or why they cannot be read: they were altered, or the right to them has ended. */
export interface ClaimOpened {
  readonly listed: ClaimListed;
  readonly read?: ClaimRead;
  readonly fault?: 'altered' | 'ended';
}

/**
 * Opens a claim with its papers. One whose papers were altered is told with what the ledger has of it.
 *
 * @param party - Claimant, patient or insurer.
 * @param digest - The claim.
 * @throws MedsealError what `readClaim` throws for other reasons.
 */
export async function openClaim(party: Party, digest: Bytes32): Promise<ClaimOpened> {
  const known = await requireKnownClaim(party, digest);
  try {
    const read = await readClaim(party, digest);
    return { listed: read, read };
  } catch (error) {
    const isAltered =
      isMedsealError(error, 'CLAIM_ALTERED') || isMedsealError(error, 'FHIR_INVALID');
    if (!isAltered && !isMedsealError(error, 'NOT_FOUND')) throw error;
    const facts = await confirmClaim(party, digest);
    const told = await stepsTold(party, known);
    return { listed: { ...known, facts, told }, fault: isAltered ? 'altered' : 'ended' };
  }
}
