import { bytesToHex, hexToBytes } from '../../../crypto/bytes.ts';
import type { InsuranceClaim } from '../../../protocol/care/claims.ts';
import type { Address, Hex } from '../../../protocol/ids.ts';
import { digestOf } from '../../../protocol/struct/signing.ts';
import { unlessMalformed } from '../../../protocol/wire/unlessMalformed.ts';
import type { Party } from '../../party/Party.ts';

/**
 * Returns the public keys of parties that changed their key: the new key signed the change, which stands on the party's card.
 *
 * @param party - Party that asks.
 * @param named - Addresses of the parties.
 * @returns The keys, not trusted: the address of each is compared with that of the party's present key.
 */
export async function publicKeysOf(
  party: Party,
  named: readonly Address[],
): Promise<readonly Hex[]> {
  const keys: Hex[] = [];
  for (const each of named) {
    const { keyChanges } = await party.agent.card(each);
    const last = keyChanges?.at(-1);
    const key = last && unlessMalformed(() => signedBy(party, last));
    if (key !== undefined) keys.push(key);
  }
  return keys;
}

/** Returns the party that a claim pays by an account of its own, the claimant apart. */
export function paidBeside({ terms, payee }: InsuranceClaim): readonly Address[] {
  return payee === terms.payee || terms.payee === terms.claimant ? [] : [terms.payee];
}

function signedBy(
  party: Pick<Party, 'domain' | 'primitives'>,
  { message, newSignature }: NonNullable<Party['keyChanges']>[number],
): Hex {
  const digest = hexToBytes(digestOf(party, 'KeyChange', message));
  return bytesToHex(party.primitives.recover(digest, hexToBytes(newSignature)));
}
