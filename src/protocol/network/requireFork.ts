import { MedsealError } from '../../errors/MedsealError.ts';
import { requireCounted } from './countSuccessor.ts';
import { findShapeError } from '../wire/findShapeError.ts';
import type { Bytes32 } from '../ids.ts';
import type { Member, NetworkFile } from './NetworkFile.ts';
import { numberOf } from '../wire/numberOf.ts';
import { SUCCESSOR_FORK } from '../shapes/answerShapes.ts';
import type { SigningContext } from '../struct/signing.ts';
import type { SuccessorFork } from './Successor.ts';

/** A fork whose signatures were verified. */
export interface ProvenFork {
  /** Number of both successors. */
  readonly number: number;
  /** Fingerprints of the two network files, in the order of the successors. */
  readonly fingerprints: readonly [Bytes32, Bytes32];
  /** Seats that signed both: their organisations did, or their keys are in other hands. */
  readonly signers: readonly Member[];
}

/**
 * Verifies a fork offline: two successors of one network file that make different files, each signed by the quorum of those
 * whom that file names. At least one organisation signed both, or keys of a quorum are in other hands.
 *
 * @param context - Hashes and the curve.
 * @param files - Trusted network files; the one that both follow must be among them.
 * @param fork - Not trusted.
 * @returns The number, the two files, and who signed both.
 * @throws MedsealError `SUCCESSOR_INVALID` if it proves nothing; `NETWORK_FILE_INVALID`.
 */
export function requireFork(
  context: Pick<SigningContext, 'primitives'>,
  files: readonly NetworkFile[],
  fork: unknown,
): ProvenFork {
  const misfit = findShapeError(SUCCESSOR_FORK, fork, 'the fork');
  if (misfit !== undefined) throw invalid(misfit);
  const [one, other] = (fork as SuccessorFork).successors;
  if (one === undefined || other === undefined) throw invalid('a fork has two successors');
  const predecessor = files.find((file) => numberOf(file) + 1 === one.number);
  if (predecessor === undefined) throw invalid('the file that it follows is unknown here');
  const [made, another] = [
    requireCounted(context, predecessor, one),
    requireCounted(context, predecessor, other),
  ];
  const fingerprints = [made.message.successor, another.message.successor] as const;
  const both = new Set(another.signers.map(({ address }) => address));
  if (fingerprints[0] === fingerprints[1]) throw invalid('both make the same network file');
  return {
    number: one.number,
    fingerprints,
    signers: made.signers.filter(({ address }) => both.has(address)),
  };
}

function invalid(reason: string): MedsealError {
  return new MedsealError('SUCCESSOR_INVALID', { reason });
}
