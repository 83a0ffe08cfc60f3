import { isMedsealError } from '../errors/isMedsealError.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import { BYTES32, ListOf, OneOf } from '../protocol/wire/findShapeError.ts';
import { parseShape } from '../protocol/wire/parseShape.ts';
import { CHAIN_NAME } from '../protocol/network/validatorShapes.ts';
import { forkOf, type ForkProof } from './forkOf.ts';
import { MOST_VALIDATORS } from './parseLightBlock.ts';

const FORK_PROOF = {
  format: new OneOf('medseal-ledger-fork/1'),
  chain: CHAIN_NAME,
  height: 'count',
  signers: new ListOf(BYTES32, MOST_VALIDATORS),
  blocks: new ListOf({ commit: 'any', validators: 'any' }, 2, 2),
} as const;

/**
 * Parses a file with the proof of a ledger's fork, and verifies its signatures. That the validators of its first block are
 * the ledger's, it does not verify.
 *
 * @param primitives - SHA-256 and Ed25519.
 * @param value - The file, decoded from JSON.
 * @param refuse - Makes the error from the reason.
 * @throws The error of `refuse`.
 */
export function parseForkProof(
  primitives: Primitives,
  value: unknown,
  refuse: (reason: string) => Error,
): ForkProof {
  const { chain, height, signers, blocks } = parseShape(FORK_PROOF, value, 'the proof', refuse);
  const [one, other] = blocks;
  const proven = one && other && provenBy([one, other]);
  if (proven === undefined) throw refuse('its two blocks prove no fork');
  const named = signers.toSorted().join();
  if (proven.height !== height || proven.signers.toSorted().join() !== named) {
    throw refuse('it names another height or other signers than its blocks have');
  }
  return proven;

  function provenBy(pair: ForkProof['blocks']): ForkProof | undefined {
    try {
      return forkOf(primitives, chain, pair);
    } catch (error) {
      if (!isMedsealError(error, 'PEER_MALFORMED')) throw error;
      throw refuse('its blocks are malformed');
    }
  }
}
