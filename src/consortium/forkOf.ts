import { bytesToHex, hexToBytes } from '../crypto/bytes.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import { blockHash } from './blockHash.ts';
import type { ConsensusValidator, LightBlock } from './LightBlock.ts';
import { parseLightBlock } from './parseLightBlock.ts';
import { validatorAddress } from './sortValidators.ts';
import { validatorsHash } from './validatorsHash.ts';
import { voteBytes } from './voteBytes.ts';

/** A block as a node showed it: its answers to CometBFT's methods `commit` and `validators`. */
export interface SignedAnswers {
  readonly commit: unknown;
  readonly validators: unknown;
}

/** Proof that validators signed two blocks of one height; `forkOf` verifies it. */
export interface ForkProof {
  readonly format: 'medseal-fork/1';
  /** The chain's name. */
  readonly chain: string;
  readonly height: number;
  /** The keys of those who signed both. */
  readonly signers: readonly Bytes32[];
  readonly blocks: readonly [SignedAnswers, SignedAnswers];
}

/**
 * Compares two blocks of one height. Their signatures are verified here, whoever showed them.
 *
 * @param primitives - SHA-256 and Ed25519.
 * @param chain - The chain's name.
 * @param blocks - The two, of which the first one is trusted.
 * @returns The proof; undefined if both are the same block, or if validators with no more than a third of the power of
 * the first one's signed both: then one of them was never the chain's.
 * @throws MedsealError `PEER_MALFORMED` if one of them is malformed.
 */
export function forkOf(
  primitives: Primitives,
  chain: string,
  blocks: readonly [SignedAnswers, SignedAnswers],
): ForkProof | undefined {
  const [one, other] = blocks.map((each) => parseLightBlock(each.commit, each.validators));
  if (one === undefined || other === undefined) return undefined;
  const { height } = one.header;
  if (other.header.height !== height || one.commit.blockId.hash === other.commit.blockId.hash) {
    return undefined;
  }
  const both = signersOf(primitives, chain, other);
  const signers = [...signersOf(primitives, chain, one)].filter((key) => both.has(key));
  const power = powerOf(one.validators.filter(({ key }) => signers.includes(key)));
  if (3n * power <= powerOf(one.validators)) return undefined;
  return { format: 'medseal-fork/1', chain, height, signers, blocks };
}

/** Those whose sound signatures a block has; none if it is not what they would have signed. */
function signersOf(
  primitives: Primitives,
  chain: string,
  { header, commit, validators }: LightBlock,
): ReadonlySet<Bytes32> {
  const isOne =
    header.chain === chain &&
    commit.height === header.height &&
    commit.blockId.hash === bytesToHex(blockHash(primitives, header)) &&
    header.validatorsHash === bytesToHex(validatorsHash(primitives, validators));
  if (!isOne) return new Set();
  const votes = new Map(commit.votes.map((vote) => [vote.validator, vote]));
  return new Set(
    validators.flatMap(({ key }) => {
      const vote = votes.get(validatorAddress(primitives, key));
      if (vote === undefined) return [];
      const message = voteBytes(chain, commit, vote.time);
      const isSound = primitives.verifyEd25519(
        message,
        hexToBytes(vote.signature),
        hexToBytes(key),
      );
      return isSound ? [key] : [];
    }),
  );
}

function powerOf(validators: readonly ConsensusValidator[]): bigint {
  return validators.reduce((sum, { power }) => sum + BigInt(power), 0n);
}

/** Name of the file that a proof is kept in. */
export function forkFileName({ chain, height }: ForkProof): string {
  return `fork-${chain}-${height}.json`;
}
