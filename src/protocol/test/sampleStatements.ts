import type { AttestedFacts, FactsQuery } from '../evidence/facts.ts';
import type { BlockFacts } from '../network/BlockFacts.ts';
import { sign, type SigningContext } from '../struct/signing.ts';
import { canonicalHash } from '../wire/canonicalHash.ts';
import { context, network, primitives, type Signatory } from './sampleNetwork.ts';

/**
 * A coordinator's statement about a block of the ledger.
 *
 * @param key - Whoever signs it.
 * @param asked - The question.
 * @param block - The block; undefined if the coordinator's ledger does not have it.
 * @param options - `at`: when it was signed, Unix seconds; `signing`: the network that it is signed for.
 */
export function blockStatement(
  key: Signatory,
  { nonce, ...asked }: FactsQuery,
  block: BlockFacts | undefined,
  { at = 1000, signing = context }: { at?: number; signing?: SigningContext } = {},
): AttestedFacts {
  const facts = { asked, ...(block && { newest: block }) };
  const attestation = { nonce, facts: canonicalHash(primitives, facts), at };
  const { party: coordinator, signature } = sign(signing, key, 'Attestation', attestation);
  return { facts, attestation, coordinator, signature };
}

/** The file of a proof that coordinators signed two blocks, of these statements. */
export function conflictOf(...statements: readonly AttestedFacts[]): object {
  return { format: 'medseal-block-conflict/1', network: network.networkId, statements };
}
