import { hexToBytes } from '../../../crypto/bytes.ts';
import { deriveLot } from '../../../crypto/keys/deriveLot.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import type { ClaimFacts, InsuranceClaim } from '../../../protocol/care/claims.ts';
import type { Bytes32, Hex } from '../../../protocol/ids.ts';
import { lotHashOf } from '../../../protocol/care/lotHashOf.ts';
import type { Party } from '../../party/Party.ts';
import { signingKeysOf } from './claimAccount.ts';

/**
 * Returns the hash by which a party commits to its lot of a claim.
 *
 * @param party - Claimant or insurer.
 * @param name - Of the claimant the salt of the claim's terms, of the insurer the claim's digest.
 */
export function ownLotHash({ primitives, keys }: Party, name: Hex): Bytes32 {
  return lotHashOf(primitives, deriveLot(keys.signingKey(), hexToBytes(name)));
}

/**
 * Returns the lot to which a side of a claim committed: by its present key, or by a former one.
 *
 * @param party - Claimant or insurer.
 * @param digest - The claim.
 * @param claim - The claim as it was signed.
 * @param facts - The claim as the ledger has it.
 * @throws MedsealError `RIGHT_MISSING` if the party is not a side of the claim.
 */
export function ownLot(
  party: Party,
  digest: Bytes32,
  claim: InsuranceClaim,
  facts: ClaimFacts,
): Bytes32 {
  const isClaimant = party.address === claim.terms.claimant;
  const [name, lotHash] = isClaimant ? [claim.terms.salt, claim.lotHash] : [digest, facts.lotHash];
  const lots = signingKeysOf(party).map((key) => deriveLot(key, hexToBytes(name)));
  const lot = lots.find((each) => lotHashOf(party.primitives, each) === lotHash);
  if (lot === undefined) throw new MedsealError('RIGHT_MISSING', {});
  return lot;
}
