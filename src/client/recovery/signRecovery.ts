import type { Organisation } from '../../protocol/ids.ts';
import type { SignedRecovery } from '../../protocol/struct/requests.ts';
import type { Party } from '../party/Party.ts';
import { signByMembers, type AuthorityKey } from '../rights/signByMembers.ts';

/** The recovery of a key that members of the authority sign one after another. */
export interface RecoveryRound<File extends SignedRecovery = SignedRecovery> {
  readonly file: File;
  /** Organisations whose members signed, in the order of their signatures. */
  readonly signedBy: readonly Organisation[];
  /** Number of members that must still sign; with 0 it can be carried to the ledger. */
  readonly missing: number;
}

/**
 * Adds signatures of members of the authority to the recovery of a key; a member that signed before does not sign again. Each
 * of them has compared the words (`recoveryWords`) with the person, and knows who that person is.
 *
 * @param at - Any party: it names the network.
 * @param file - As `askRecovery` made it, or as it came from another member.
 * @param members - Members that sign now; without any, it only tells who has signed.
 * @throws MedsealError `SIGNATURE_INVALID` if a key, or a signature that is there, is not a member's.
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * const text = await readFile('recovery.json', 'utf8');
 * const round = signRecovery(auditor, parseRecoveryFile(auditor, text).file, members);
 * console.log(`${round.signedBy.join(', ')} signed`);
 * ```
 */
export function signRecovery<File extends SignedRecovery>(
  at: Pick<Party, 'network' | 'primitives' | 'domain'>,
  file: File,
  members: readonly AuthorityKey[],
): RecoveryRound<File> {
  const { signatures, signedBy, missing } = signByMembers(at, 'Recovery', file, members);
  return { file: { ...file, signatures }, signedBy, missing };
}
