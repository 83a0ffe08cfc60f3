import type { Address } from '../ids.ts';
import type { Recovery, SignedRecovery } from '../struct/requests.ts';
import { sign, type SigningContext } from '../struct/signing.ts';
import { context, ORGANISATIONS, signatory, word, type Signatory } from './sampleNetwork.ts';

/** The members of the sample network's authority, in its order. */
export const AUTHORITY = ORGANISATIONS.map((name) => signatory(`authority of ${name}`));

/**
 * A recovery of a party's key, signed by members of the authority and by the new key.
 *
 * @param party - The party.
 * @param next - The new key.
 * @param members - Keys that sign for the authority.
 * @param changed - Fields with other values.
 * @param at - Domain and primitives of another network.
 */
export function recovery(
  party: Address,
  next: Signatory,
  members: readonly Signatory[] = AUTHORITY.slice(0, 2),
  changed: Partial<Recovery> = {},
  at: SigningContext = context,
): SignedRecovery {
  const message = {
    party,
    signer: next.address,
    recipient: word(`recipient of ${next.address}`),
    change: 1,
    deadline: 2_000_000_000,
    ...changed,
  };
  const signatures = members.map((member) => sign(at, member, 'Recovery', message).signature);
  return { message, signatures, newSignature: sign(at, next, 'Recovery', message).signature };
}
