import { MedsealError } from '../../errors/MedsealError.ts';
import type { SignedSuspension } from '../../protocol/AgentPort.ts';
import type { Address, Organisation } from '../../protocol/ids.ts';
import { sign, signerOf } from '../../protocol/struct/signing.ts';
import type { Party } from '../party/Party.ts';

/** Signing key of a member of the authority. */
export interface AuthorityKey {
  readonly address: Address;
  /** 32 bytes. */
  readonly signingKey: Uint8Array;
}

/** A suspension that members of the authority sign one after another. */
export interface SuspensionRound {
  readonly signed: SignedSuspension;
  /** Organisations whose members signed, in the order of their signatures. */
  readonly signedBy: readonly Organisation[];
  /** Number of members that must still sign; with 0 it can be carried to the ledger. */
  readonly missing: number;
}

/**
 * Adds signatures of members of the authority to a suspension, or to its lifting; whoever signed before does not sign
 * again.
 *
 * @param at - Any party: it names the network.
 * @param signed - As `draftSuspension` made it, or as it came from another member.
 * @param members - Members that sign now; without any, it only tells who has signed.
 * @throws MedsealError `SIGNATURE_INVALID` if a key, or a signature that is there, is not a member's.
 * @example
 * ```ts
 * const message = await draftSuspension(auditor, { party: doctor.address, suspended: true });
 * const round = signSuspension(auditor, { message, signatures: [] }, members);
 * console.log(`${round.signedBy.join(', ')} signed`);
 * ```
 */
export function signSuspension(
  at: Pick<Party, 'network' | 'primitives' | 'domain'>,
  { message, signatures }: SignedSuspension,
  members: readonly AuthorityKey[],
): SuspensionRound {
  const { authority } = at.network;
  const before = signatures.map((each) => signerOf(at, 'Suspension', message, each));
  const signing = members.filter(({ address }) => !before.includes(address));
  const own = signing.map((member) => sign(at, member, 'Suspension', message).signature);
  const signers = [...before, ...signing.map(({ address }) => address)];
  const signedBy = signers.map((signer) => {
    const member = authority.members.find(({ address }) => address === signer);
    if (member === undefined) throw new MedsealError('SIGNATURE_INVALID', {});
    return member.organisation;
  });
  const organisations = [...new Set(signedBy)];
  return {
    signed: { message, signatures: [...new Set([...signatures, ...own])] },
    signedBy: organisations,
    missing: Math.max(0, authority.threshold - organisations.length),
  };
}
