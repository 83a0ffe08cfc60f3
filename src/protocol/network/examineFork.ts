import type { SignedCheckpoint } from '../evidence/evidence.ts';
import type { Address, Organisation } from '../ids.ts';
import { logOf } from './networkLookups.ts';
import type { NetworkFile } from './NetworkFile.ts';
import type { SigningContext } from '../struct/signing.ts';
import { verifyCheckpoint } from '../evidence/verifyCheckpoint.ts';

/** Organisation and coordinators that two contradicting checkpoints convict. */
export interface Fork {
  /** Organisation that runs the log: its key signed both. */
  readonly organisation: Organisation;
  /** The coordinators that signed both. */
  readonly signers: readonly Address[];
}

/**
 * Compares two checkpoints of a log: two roots for one size are the proof that it shows two histories, for everybody
 * who has the pinned network file.
 *
 * @param context - Domain and primitives.
 * @param network - The pinned network file.
 * @param one - A checkpoint.
 * @param other - Another one.
 * @returns Organisation and coordinators that they convict; undefined if they do not contradict each other by
 * themselves: if the sizes differ, the entries show it (`findForks`).
 * @throws MedsealError `EVIDENCE_INVALID` if one of them is not valid, and so proves nothing.
 */
export function examineFork(
  context: SigningContext,
  network: NetworkFile,
  one: SignedCheckpoint,
  other: SignedCheckpoint,
): Fork | undefined {
  if (one.log !== other.log || one.size !== other.size || one.root === other.root) return undefined;
  return convicted(context, network, one, other);
}

/**
 * Returns the organisation and coordinators that two checkpoints of one log convict, once they are known to belong to
 * different histories.
 *
 * @param context - Domain and primitives.
 * @param network - The pinned network file.
 * @param one - A checkpoint.
 * @param other - Another one.
 * @throws MedsealError `EVIDENCE_INVALID` if one of them is not valid.
 */
export function convicted(
  context: SigningContext,
  network: NetworkFile,
  one: SignedCheckpoint,
  other: SignedCheckpoint,
): Fork {
  const others = verifyCheckpoint(context, network, other);
  const signers = verifyCheckpoint(context, network, one).filter((each) => others.includes(each));
  return { organisation: logOf(network, one.log).log.organisation, signers };
}
