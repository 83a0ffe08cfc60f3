import { addressOf } from '../../crypto/addressOf.ts';
import { recipientOf } from '../../crypto/keys/ageIdentity.ts';
import { deriveMemoryKey } from '../../crypto/keys/deriveMemoryKey.ts';
import { PartyKeys } from '../../crypto/keys/PartyKeys.ts';
import type { Address } from '../../protocol/ids.ts';
import type { Mandate } from '../../protocol/care/mandates.ts';
import type { Party } from '../party/Party.ts';

/** Keys of one mandate. */
export interface ActingKeys {
  readonly keys: PartyKeys;
  /** Address of the acting key. */
  readonly address: Address;
  /** age recipient that the state of the patient's devices is sealed to. */
  readonly recipient: string;
}

/**
 * Derives the keys of a mandate from the representative's seed, the handle and the mandate's salt: any device of the representative
 * has them again from the opening, and no two mandates share a key that would show that one person has both.
 *
 * @param party - The representative.
 * @param mandate - Handle and salt.
 */
export async function actingKeys(
  { keys: own, primitives, cipher }: Pick<Party, 'keys' | 'primitives' | 'cipher'>,
  {
    handle,
    terms: { salt },
  }: Pick<Mandate, 'handle'> & { readonly terms: Pick<Mandate['terms'], 'salt'> },
): Promise<ActingKeys> {
  const keys = new PartyKeys(deriveMemoryKey(own.seed(), `acting/${handle}/${salt}`));
  const address = addressOf(primitives, primitives.publicKey(keys.signingKey()));
  return { keys, address, recipient: await recipientOf(keys.identity(), cipher?.kem) };
}
