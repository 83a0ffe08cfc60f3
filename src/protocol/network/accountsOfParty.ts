import { addressOf } from '../../crypto/addressOf.ts';
import { hexToBytes } from '../../crypto/bytes.ts';
import { oneTimeAccount } from '../../crypto/keys/oneTimeAccount.ts';
import type { Submission } from '../AgentPort.ts';
import type { Acknowledgement } from '../evidence/evidence.ts';
import type { Address, Hex } from '../ids.ts';
import { parseBody } from '../evidence/parseBody.ts';
import { digestOf, type SigningContext } from '../struct/signing.ts';

/** Public keys, in signatures or bare. */
export interface KeysShown extends Pick<Submission, 'publicKeys'> {
  /** Acknowledgements of entries, verified. */
  readonly entries: readonly Pick<Acknowledgement, 'body'>[];
}

/**
 * Returns the accounts of a claim that belong to keys of a party: each key is found by its address among the signatures
 * in the party's own entries, or among public keys that are shown, so that nobody has to ask the party.
 *
 * @param context - Domain and primitives.
 * @param shown - Entries and keys.
 * @param party - The party that is paid, and the addresses of those of its keys that count.
 * @param salt - Salt of the claim's terms.
 * @returns None if the party wrote none of the entries, or none of the keys is shown.
 */
export function accountsOfParty(
  context: SigningContext,
  { entries, publicKeys = [] }: KeysShown,
  { address, signers }: { readonly address: Address; readonly signers: readonly Address[] },
  salt: Hex,
): readonly Address[] {
  const { primitives } = context;
  const own = entries
    .map(({ body }) => parseBody(body).request)
    .filter(({ party }) => party === address);
  if (own.length === 0) return [];
  const keys = [
    ...own.map(({ type, message, signature }) => {
      const digest = hexToBytes(digestOf(context, type, message));
      return primitives.recover(digest, hexToBytes(signature));
    }),
    ...publicKeys.map((key) => hexToBytes(key)),
  ];
  return keys
    .filter((key) => signers.includes(addressOf(primitives, key)))
    .map((key) => oneTimeAccount(primitives, key, hexToBytes(salt)));
}
