import { requireFork } from '../../protocol/network/requireFork.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { SigningContext } from '../../protocol/struct/signing.ts';
import type { SuccessorsFile } from '../../protocol/network/Successor.ts';

/**
 * Returns the fault that a node's answer about successors shows: proof that a quorum signed two successors of one file.
 *
 * @param context - Hashes and the curve.
 * @param files - Trusted network files; the proof is verified if they have the one that both follow.
 * @param given - The answer, not trusted.
 * @returns Undefined if the node knows of no fork.
 * @example
 * ```ts
 * const fault = forkFault(patient, [network], await agent.successors());
 * if (fault !== undefined) console.log(`The node ${fault}.`);
 * ```
 */
export function forkFault(
  context: Pick<SigningContext, 'primitives'>,
  files: readonly NetworkFile[],
  given: SuccessorsFile | undefined,
): string | undefined {
  if (given?.fork === undefined) return undefined;
  try {
    const { number, fingerprints, signers } = requireFork(context, files, given.fork);
    const both = fingerprints.join(' and ');
    const names = new Set(signers.map(({ organisation }) => organisation));
    const by = `${both}, both by ${[...names].join(', ')}`;
    return `has proof that change ${number} was signed twice, for ${by}: the authority must decide`;
  } catch {
    return 'says that a change was signed twice, and gives no proof that counts here';
  }
}
