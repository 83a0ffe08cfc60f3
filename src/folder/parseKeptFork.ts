import { MedsealError } from '../errors/MedsealError.ts';
import { BYTES32, findShapeError, OneOf } from '../protocol/findShapeError.ts';
import { fingerprintOf } from '../protocol/fingerprintOf.ts';
import type { NetworkFile } from '../protocol/NetworkFile.ts';
import type { Of } from '../protocol/Of.ts';
import { requireFork } from '../protocol/requireFork.ts';
import { SUCCESSOR_FORK } from '../protocol/shapes/answerShapes.ts';
import type { SigningContext } from '../protocol/signing.ts';

/** `succession-fork.json` of a folder: two successors of one network file, both signed. */
export const FORK = 'succession-fork.json';

const KEPT_FORK = {
  format: new OneOf('medseal-fork/1'),
  /** One of them is in `successors.json`. */
  ...SUCCESSOR_FORK.shape,
  /** Number of the file that was in force when the fork was found. */
  inForce: 'count',
  /** Fingerprint of the file that the operator has decided for; absent before. */
  'keeps?': BYTES32,
} as const;

/** A fork as a folder keeps it. */
export type KeptFork = Of<typeof KEPT_FORK>;

/**
 * Reads the proof of a fork that a folder keeps, and verifies it.
 *
 * @param value - Value of the file, decoded from JSON; undefined if the folder has no such file.
 * @param files - The folder's network files, verified, oldest first.
 * @param context - Hashes and the curve.
 * @throws MedsealError `SUCCESSOR_INVALID`, `NETWORK_FILE_INVALID`.
 */
export function parseKeptFork(
  value: unknown,
  files: readonly NetworkFile[],
  context: Pick<SigningContext, 'primitives'>,
): KeptFork | undefined {
  if (value === undefined) return undefined;
  const misfit = findShapeError(KEPT_FORK, value, FORK);
  if (misfit !== undefined) throw invalid(misfit);
  const kept = value as KeptFork;
  const { number, fingerprints } = requireFork(context, files, { successors: kept.successors });
  const known = files.find(({ before = [] }) => before.length === number);
  const own = known && fingerprintOf(context.primitives, known);
  if (own === undefined || !fingerprints.includes(own)) {
    throw invalid(`${FORK} has another successor ${number} than this folder`);
  }
  if (kept.keeps !== undefined && kept.keeps !== own) {
    throw invalid(`${FORK} keeps another network file than this folder has`);
  }
  return kept;
}

function invalid(reason: string): MedsealError {
  return new MedsealError('SUCCESSOR_INVALID', { reason });
}
