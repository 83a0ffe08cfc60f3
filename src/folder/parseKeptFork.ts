import { MedsealError } from '../errors/MedsealError.ts';
import { requireSuccessor } from '../protocol/network/countSuccessor.ts';
import { BYTES32, findShapeError, ListOf, OneOf } from '../protocol/wire/findShapeError.ts';
import { fingerprintOf } from '../protocol/network/fingerprintOf.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { numberOf } from '../protocol/wire/numberOf.ts';
import type { Of } from '../protocol/struct/Of.ts';
import { requireFork } from '../protocol/network/requireFork.ts';
import { SUCCESSOR, SUCCESSOR_FORK } from '../protocol/shapes/answerShapes.ts';
import type { SigningContext } from '../protocol/struct/signing.ts';
import type { Successor } from '../protocol/network/Successor.ts';

/** `succession-fork.json` of a folder: two successors of one network file, both signed. */
export const FORK = 'succession-fork.json';
/** Largest number of successors that a folder keeps because its operator decided against them: the newest ones. */
export const MOST_DROPPED = 64;

const KEPT_FORK = {
  format: new OneOf('medseal-fork/1'),
  /** One of them is in `successors.json`. */
  ...SUCCESSOR_FORK.shape,
  /** Number of the file that was in force when the fork was found. */
  inForce: 'count',
  /** Fingerprint of the file that the operator has decided for; absent before. */
  'keeps?': BYTES32,
  /** All that the operator has decided against, for this fork and earlier ones, in that order; signed, like the others. */
  'dropped?': new ListOf(SUCCESSOR, MOST_DROPPED),
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
  const known = files.find((file) => numberOf(file) === number);
  const own = known && fingerprintOf(context.primitives, known);
  if (own === undefined || !fingerprints.includes(own)) {
    throw invalid(`${FORK} has another successor ${number} than this folder`);
  }
  if (kept.keeps !== undefined && kept.keeps !== own) {
    throw invalid(`${FORK} keeps another network file than this folder has`);
  }
  if (kept.inForce > numberOf(files.at(-1))) {
    throw invalid(`${FORK} names a file as in force that this folder does not have`);
  }
  const prints = new Set<Bytes32>();
  for (const dropped of kept.dropped ?? []) {
    const print = requireDropped(dropped);
    if (print === undefined) continue;
    if (prints.has(print)) throw invalid(`${FORK} names one twice that its operator dropped`);
    prints.add(print);
  }
  return kept;

  /** Fingerprint of the file that the successor would have made; undefined if it follows one of a branch that is dropped. */
  function requireDropped(dropped: Successor): Bytes32 | undefined {
    const [before, here] = [dropped.number - 1, dropped.number].map((count) =>
      files.find((file) => numberOf(file) === count),
    );
    // A decision that is cut off between its writes leaves those of the branch that it drops.
    if (here === undefined && dropped.number > number) return undefined;
    if (before === undefined || here === undefined) {
      throw invalid(`${FORK} drops a successor of a file that is unknown here`);
    }
    const print = fingerprintOf(context.primitives, requireSuccessor(context, before, dropped));
    if (print === fingerprintOf(context.primitives, here)) {
      throw invalid(`${FORK} drops a network file that this folder has`);
    }
    return print;
  }
}

function invalid(reason: string): MedsealError {
  return new MedsealError('SUCCESSOR_INVALID', { reason });
}
