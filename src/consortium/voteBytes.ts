import { concatBytes, utf8ToBytes } from '../crypto/bytes.ts';
import { blockIdFields, momentFields } from './blockHash.ts';
import { encodeProto, varint } from './encodeProto.ts';
import type { Commit, Moment } from './LightBlock.ts';

/** The kind of vote that commits a block. */
const PRECOMMIT = 2;

/**
 * The bytes that a validator signs when it votes for a block: CometBFT's canonical vote, after its length.
 *
 * @param chain - The chain's name, so that no vote counts on another chain.
 * @param commit - Height, round and block.
 * @param time - When the validator voted.
 */
export function voteBytes(
  chain: string,
  commit: Pick<Commit, 'height' | 'round' | 'blockId'>,
  time: Moment,
): Uint8Array {
  const vote = encodeProto([
    [1, 'varint', PRECOMMIT],
    [2, 'fixed64', commit.height],
    [3, 'fixed64', commit.round],
    [4, 'message', encodeProto(blockIdFields(commit.blockId))],
    [5, 'message', encodeProto(momentFields(time))],
    [6, 'bytes', utf8ToBytes(chain)],
  ]);
  return concatBytes(varint(vote.length), vote);
}
