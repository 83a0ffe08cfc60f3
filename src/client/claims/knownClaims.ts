import type { InsuranceClaim } from '../../protocol/claims.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { digestOf } from '../../protocol/signing.ts';
import { aloneOn } from '../party/aloneOn.ts';
import type { Party } from '../party/Party.ts';

const NAME = 'claims';

/** A claim that the party's device knows. */
export interface ClaimKnown {
  readonly digest: Bytes32;
  readonly message: InsuranceClaim;
}

/** Returns the claims that the party's device knows, the newest last. */
export async function knownClaims(party: Party): Promise<readonly ClaimKnown[]> {
  return ((await party.device.read(NAME)) as readonly ClaimKnown[] | undefined) ?? [];
}

/** Stores a claim on the party's device. */
export async function keepClaim(party: Party, message: InsuranceClaim): Promise<ClaimKnown> {
  const kept = { digest: digestOf(party, 'InsuranceClaim', message), message };
  await aloneOn(party.device, async () => {
    const known = await knownClaims(party);
    if (known.every(({ digest }) => digest !== kept.digest)) {
      await party.device.write(NAME, [...known, kept]);
    }
  });
  return kept;
}
