import type { SignedSuspension } from '../../protocol/AgentPort.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { Party } from '../party/Party.ts';
import { signByMembers, type AuthorityKey } from './signByMembers.ts';

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
  const round = signByMembers(at, 'Suspension', { message, signatures }, members);
  const { signedBy, missing } = round;
  return { signed: { message, signatures: round.signatures }, signedBy, missing };
}
