import { MedsealError } from '../../errors/MedsealError.ts';
import { requireSuccessor } from '../../protocol/network/countSuccessor.ts';
import { isSameNetworkFile } from '../../protocol/network/isSameNetworkFile.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { numberOf } from '../../protocol/wire/numberOf.ts';
import { requireSignedRules } from '../../protocol/rights/requireSignedRules.ts';
import type { SigningContext } from '../../protocol/struct/signing.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import { successorOf } from '../../protocol/network/successorOf.ts';
import type { Succession } from './Succession.ts';

/**
 * Greatest number of seconds by which a successor may be announced ahead. A node takes one successor of a file: one that
 * never gets in force would keep all others out.
 */
export const MOST_AHEAD = 366 * 24 * 3600;

/** A successor's place among those that a node knows. */
export interface FoundPlace {
  /** `known` if it is one of them, `fork` if it is signed and another one has its place, `next` if it follows the last. */
  readonly kind: 'known' | 'fork' | 'next';
  /** The network file that it makes. */
  readonly network: NetworkFile;
}

/**
 * Finds the place of a successor among those that a node knows, and verifies it if it is not one of them.
 *
 * @param context - Hashes and the curve.
 * @param succession - The known ones.
 * @param given - Of the right shape, not trusted.
 * @param at - Now, Unix seconds.
 * @throws MedsealError `SUCCESSOR_INVALID`, `NETWORK_FILE_INVALID`.
 */
export function findPlace(
  context: Pick<SigningContext, 'primitives'>,
  { files, fork }: Pick<Succession, 'files' | 'fork'>,
  given: Successor,
  at: number,
): FoundPlace {
  const place = given.number - numberOf(files[0]);
  const predecessor = files[place - 1];
  if (predecessor === undefined) throw invalid('the file that it follows is unknown here');
  const known = files[place];
  if (known !== undefined) {
    const made = successorOf(context.primitives, predecessor, given);
    if (isSameNetworkFile(known, made)) return { kind: 'known', network: known };
    return { kind: 'fork', network: requireSuccessor(context, predecessor, given) };
  }
  const network = requireSuccessor(context, predecessor, given);
  requireSignedRules(context, predecessor, network, given);
  if (given.from > at + MOST_AHEAD) {
    throw invalid(`it would be in force only at ${given.from}, over a year ahead`);
  }
  if (fork !== undefined) throw invalid('the succession forked here, and nobody has decided yet');
  return { kind: 'next', network };
}

function invalid(reason: string): MedsealError {
  return new MedsealError('SUCCESSOR_INVALID', { reason });
}
