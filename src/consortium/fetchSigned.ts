import { bytesToHex } from '../crypto/bytes.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { BlockFacts } from '../protocol/network/BlockFacts.ts';
import { answersOf } from './answersOf.ts';
import { blockHash } from './blockHash.ts';
import type { ConsensusSource } from './connectConsensus.ts';
import { fetchBlock } from './fetchBlock.ts';
import { verifyBlock, type TrustedBlock } from './verifyBlock.ts';

/**
 * Fetches the block that coordinators signed as the newest one, for a reader to go on from: its hash binds its validators, and
 * more than two thirds of their power signed it.
 *
 * @param primitives - SHA-256 and Ed25519.
 * @param source - The endpoint that answers; it may lie.
 * @param chain - The chain's name.
 * @param signed - The block that the coordinators signed.
 * @param now - Unix seconds.
 * @throws MedsealError `LEDGER_UNPROVEN` if the endpoint shows another block; `LEDGER_UNREACHABLE`, `PEER_MALFORMED`.
 */
export async function fetchSigned(
  primitives: Primitives,
  source: ConsensusSource,
  chain: string,
  { height, hash, time }: BlockFacts,
  now: number,
): Promise<TrustedBlock> {
  const shown = await fetchBlock(source, height);
  const { header, validators } = shown;
  if (header.height !== height || bytesToHex(blockHash(primitives, header)) !== hash) {
    throw new MedsealError('LEDGER_UNPROVEN', {
      what: `block ${height}: it is not the one that the coordinators signed`,
    });
  }
  // The hash is trusted, and has the hash of the validators.
  const before = {
    chain,
    height: height - 1,
    time,
    validators,
    nextValidatorsHash: header.validatorsHash,
  };
  const block = verifyBlock(primitives, before, shown, now);
  if (block === undefined) {
    throw new MedsealError('LEDGER_UNPROVEN', { what: `block ${height}` });
  }
  return { ...block, signed: answersOf(shown) };
}
