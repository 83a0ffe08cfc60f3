import type { Address } from '../ids.ts';
import type { KeyChange, SignedKeyChange } from '../struct/requests.ts';
import { sign } from '../struct/signing.ts';
import { context, word, type Signatory } from './sampleNetwork.ts';

/**
 * A change of a party's key, signed by the key before and by the new one.
 *
 * @param party - The party.
 * @param keys - The key before, and the new one.
 * @param changed - Fields with other values.
 */
export function keyChange(
  party: Address,
  [before, next]: readonly [Signatory, Signatory],
  changed: Partial<KeyChange> = {},
): SignedKeyChange {
  const message = {
    party,
    signer: next.address,
    recipient: word(`recipient of ${next.address}`),
    change: 1,
    deadline: 2_000_000_000,
    ...changed,
  };
  const { signature } = sign(context, before, 'KeyChange', message);
  return { message, signature, newSignature: sign(context, next, 'KeyChange', message).signature };
}
