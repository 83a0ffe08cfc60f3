import type { InsuranceClaim } from '../../../protocol/care/claims.ts';
import { BYTES32 } from '../../../protocol/wire/findShapeError.ts';
import type { Bytes32 } from '../../../protocol/ids.ts';
import { messageShape } from '../../../protocol/shapes/messageShape.ts';
import { shapeOfType } from '../../../protocol/shapes/shapeOfType.ts';
import { digestOf } from '../../../protocol/struct/signing.ts';
import { DeviceBook } from '../../party/DeviceBook.ts';
import type { Party } from '../../party/Party.ts';

/** A claim that the party's device knows. */
export interface ClaimKnown {
  readonly digest: Bytes32;
  readonly message: InsuranceClaim;
}

const CLAIMS = new DeviceBook({
  name: 'claims',
  shape: shapeOfType<ClaimKnown>('ClaimKnown')({
    digest: BYTES32,
    message: messageShape('InsuranceClaim'),
  }),
  keyOf: ({ digest }) => digest,
  most: 20_000,
});

/** Returns the claims that the party's device knows, the newest last. */
export async function knownClaims(party: Party): Promise<readonly ClaimKnown[]> {
  return await CLAIMS.read(party);
}

/** Stores a claim on the party's device. */
export async function keepClaim(party: Party, message: InsuranceClaim): Promise<ClaimKnown> {
  const kept = { digest: digestOf(party, 'InsuranceClaim', message), message };
  return await CLAIMS.merge(party, kept, (known) => (known === undefined ? kept : undefined));
}
