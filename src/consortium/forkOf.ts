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

/**
 * Proof that validators signed two blocks of one height; `forkOf` verifies it for whoever knows that the validators of the
 * first block are the ledger's. For anybody else it proves nothing: validators can be made up.
 */
export interface ForkProof {
  readonly format: 'medseal-ledger-fork/1';
  /** The chain's name. */
  readonly chain: string;
  readonly height: number;
  /** The keys of those who signed both in one round; none if the rounds differ, since that alone breaks no rule. */
  readonly signers: readonly Bytes32[];
  readonly blocks: readonly [SignedAnswers, SignedAnswers];
}

/**
 * Compares two blocks of one height. Their signatures are verified here, whoever showed them; that the first block's
 * validators are the ledger's is not.
 *
 * @param primitives - SHA-256 and Ed25519.
 * @param chain - The chain's name.
 * @param blocks - The two, of which the first one's validators are known to be the ledger's.
 * @returns The proof; undefined if both are the same block, if no more than two thirds of the power of a block's own
 * validators signed it, or if validators with no more than a third of the power of the first one's signed both: then one
 * of them was never the chain's.
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
  const forOne = signersOf(primitives, chain, one);
  const forOther = signersOf(primitives, chain, other);
  const both = new Set([...forOne].filter((key) => forOther.has(key)));
  const isFork =
    isOver(2n, forOne, one.validators) &&
    isOver(2n, forOther, other.validators) &&
    isOver(1n, both, one.validators);
  if (!isFork) return undefined;
  // An honest validator may vote for another block in a later round.
  const signers = one.commit.round === other.commit.round ? [...both] : [];
  return { format: 'medseal-ledger-fork/1', chain, height, signers, blocks };
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

/** Tells whether some validators have more than so many thirds of the power. */
function isOver(
  thirds: bigint,
  signers: ReadonlySet<Bytes32>,
  validators: readonly ConsensusValidator[],
): boolean {
  const power = powerOf(validators.filter(({ key }) => signers.has(key)));
  return 3n * power > thirds * powerOf(validators);
}

function powerOf(validators: readonly ConsensusValidator[]): bigint {
  return validators.reduce((sum, { power }) => sum + BigInt(power), 0n);
}

/** Name of the file that a proof is kept in. */
export function forkFileName({ chain, height }: ForkProof): string {
  return `fork-${chain}-${height}.json`;
}
