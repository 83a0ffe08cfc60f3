import { MedsealError } from '../../errors/MedsealError.ts';
import { findShapeError } from '../wire/findShapeError.ts';
import { followSuccessors } from './followSuccessors.ts';
import type { NetworkFile } from './NetworkFile.ts';
import { requireFork, type ProvenFork } from './requireFork.ts';
import { SUCCESSORS_FILE } from '../shapes/answerShapes.ts';
import type { SigningContext } from '../struct/signing.ts';
import type { SuccessorsFile } from './Successor.ts';

/**
 * Verifies, offline and from the pinned network file alone, proof that two successors of one file are signed, and tells
 * whom it convicts: the seats that signed both.
 *
 * @param context - Hashes and the curve.
 * @param pinned - The pinned network file: the first one, or one before the fork.
 * @param file - Successors with the proof, as a node's `/v1/successors` gives them, decoded from JSON; not trusted. They lead
 * from the pinned file to the one that both follow.
 * @throws MedsealError `SUCCESSOR_INVALID` if it proves nothing; `NETWORK_FILE_INVALID`.
 * @example
 * ```ts
 * const given = await httpAgent('http://127.0.0.1:8480/hospital').successors();
 * if (given.fork !== undefined) {
 *   const { number, signers } = verifySuccessorFork({ primitives: portablePrimitives }, network, given);
 *   for (const { organisation, address } of signers) console.log(number, organisation, address);
 * }
 * ```
 */
export function verifySuccessorFork(
  context: Pick<SigningContext, 'primitives'>,
  pinned: NetworkFile,
  file: unknown,
): ProvenFork {
  const misfit = findShapeError(SUCCESSORS_FILE, file, 'it');
  if (misfit !== undefined) throw invalid(misfit);
  const { format, successors: all, fork } = file as SuccessorsFile;
  const [one] = fork?.successors ?? [];
  if (one === undefined) throw invalid('it has no proof of a fork');
  const successors = all.filter(({ number }) => number < one.number);
  return requireFork(context, followSuccessors(context, pinned, { format, successors }), fork);
}

function invalid(reason: string): MedsealError {
  return new MedsealError('SUCCESSOR_INVALID', { reason });
}
