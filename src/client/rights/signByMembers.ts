import type { SigningKey } from '../../crypto/keys/SigningKey.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Address, Hex, Organisation } from '../../protocol/ids.ts';
import type { Messages } from '../../protocol/struct/requests.ts';
import { sign, signerOf } from '../../protocol/struct/signing.ts';
import type { Party } from '../party/Party.ts';

/** Signing key of a member of the authority. */
export interface AuthorityKey {
  readonly address: Address;
  readonly signingKey: SigningKey;
}

/** Signatures of the authority's members under one request, and how many it still lacks. */
export interface MembersSigned {
  readonly signatures: readonly Hex[];
  /** Organisations whose members signed, in the order of their signatures. */
  readonly signedBy: readonly Organisation[];
  /** Number of members that must still sign; with 0 it can be carried to the ledger. */
  readonly missing: number;
}

/**
 * Adds signatures of members of the authority to a request; a member that signed before does not sign again.
 *
 * @param at - Any party: it names the network.
 * @param type - The request's type.
 * @param signed - The request, with the signatures so far.
 * @param members - Members that sign now; without any, it only tells who has signed.
 * @throws MedsealError `SIGNATURE_INVALID` if a key, or a signature that is there, is not a member's.
 */
export function signByMembers<Type extends 'Suspension' | 'Recovery'>(
  at: Pick<Party, 'network' | 'primitives' | 'domain'>,
  type: Type,
  {
    message,
    signatures,
  }: { readonly message: Messages[Type]; readonly signatures: readonly Hex[] },
  members: readonly AuthorityKey[],
): MembersSigned {
  const { authority } = at.network;
  const before = signatures.map((each) => signerOf(at, type, message, each));
  const signing = members.filter(({ address }) => !before.includes(address));
  const own = signing.map((member) => sign(at, member, type, message).signature);
  const signers = [...before, ...signing.map(({ address }) => address)];
  const signedBy = signers.map((signer) => {
    const member = authority.members.find(({ address }) => address === signer);
    if (member === undefined) throw new MedsealError('SIGNATURE_INVALID', {});
    return member.organisation;
  });
  const organisations = [...new Set(signedBy)];
  return {
    signatures: [...new Set([...signatures, ...own])],
    signedBy: organisations,
    missing: Math.max(0, authority.threshold - organisations.length),
  };
}
