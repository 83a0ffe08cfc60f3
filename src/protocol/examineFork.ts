import type { SignedCheckpoint } from './evidence.ts';
import type { Address, Organisation } from './ids.ts';
import { logOf } from './networkLookups.ts';
import type { NetworkFile } from './NetworkFile.ts';
import type { SigningContext } from './signing.ts';
import { verifyCheckpoint } from './verifyCheckpoint.ts';

/** Whom two checkpoints convict that cannot both be true. */
export interface Fork {
  /** Whose log it is: its key signed both. */
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
 * @returns Whom they convict; undefined if they do not contradict each other by themselves: of different sizes,
 * what they hold tells (`findForks`).
 * @throws MedsealError `EVIDENCE_INVALID` if one of them does not hold, and so shows nothing.
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
 * Whom two checkpoints of one log convict, once they are known not to be of one history.
 *
 * @param context - Domain and primitives.
 * @param network - The pinned network file.
 * @param one - A checkpoint.
 * @param other - Another one.
 * @throws MedsealError `EVIDENCE_INVALID` if one of them does not hold.
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
