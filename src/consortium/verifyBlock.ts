import { bytesToHex, hexToBytes } from '../crypto/bytes.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Address, Bytes32 } from '../protocol/ids.ts';
import { blockHash } from './blockHash.ts';
import type { SignedAnswers } from './forkOf.ts';
import type { ConsensusHeader, ConsensusValidator, LightBlock, Vote } from './LightBlock.ts';
import { validatorAddress } from './sortValidators.ts';
import { validatorsHash } from './validatorsHash.ts';
import { voteBytes } from './voteBytes.ts';

/** Seconds for which validators answer for what they signed: stake that is taken back stays bound for 21 days. */
export const TRUST_PERIOD = 21 * 24 * 3600;
/** Seconds that a block may be ahead of the clock. */
const CLOCK_DRIFT = 10;

/** A block that was verified earlier, or the founding. It may be kept as JSON. */
export interface TrustedBlock {
  /** The chain's name. */
  readonly chain: string;
  /** 0 for the founding. */
  readonly height: number;
  /** Seconds since 1970-01-01T00:00:00Z. */
  readonly time: number;
  /** The validators of this block. */
  readonly validators: readonly ConsensusValidator[];
  /** Hash of those of the next one. */
  readonly nextValidatorsHash: Bytes32;
  /** The block's own hash; the founding has none. */
  readonly hash?: Bytes32;
  /** The block with its signatures: half of a proof, if another of its height is shown later. */
  readonly signed?: SignedAnswers;
}

/** A block that was verified. */
export interface VerifiedBlock extends TrustedBlock {
  readonly hash: Bytes32;
  readonly header: ConsensusHeader;
}

/**
 * Verifies a later block from one that is trusted, as CometBFT's light clients do: more than two thirds of the power
 * of the block's own validators signed it, and they are either those that the trusted block names as next, or more than
 * a third of the power of the trusted block's validators signed as well.
 *
 * @param primitives - SHA-256 and Ed25519.
 * @param trusted - The block or founding that is trusted already.
 * @param block - A later block, as an endpoint shows it.
 * @param now - Seconds since 1970-01-01T00:00:00Z.
 * @returns Undefined if too few validators of the trusted block signed: a block in between must be verified first.
 * @throws MedsealError `LEDGER_UNPROVEN` if the block is not the chain's; `LEDGER_TRUST_OLD` if the trusted block is
 * so old that its validators answer for nothing any more.
 */
export function verifyBlock(
  primitives: Primitives,
  trusted: TrustedBlock,
  block: LightBlock,
  now: number,
): VerifiedBlock | undefined {
  const { header, commit, validators } = block;
  if (trusted.time + TRUST_PERIOD <= now) {
    throw new MedsealError('LEDGER_TRUST_OLD', { days: TRUST_PERIOD / 86_400 });
  }
  if (header.chain !== trusted.chain) throw unproven('it is of another chain');
  if (header.height <= trusted.height) throw unproven('it is not later than the trusted one');
  // The first block has the founding's time.
  if (header.time.seconds < trusted.time) throw unproven('it is older than an earlier one');
  if (header.time.seconds > now + CLOCK_DRIFT) throw unproven('it is from the future');
  const hash = bytesToHex(blockHash(primitives, header));
  if (commit.height !== header.height || commit.blockId.hash !== hash) {
    throw unproven('the votes are for another block');
  }
  if (bytesToHex(validatorsHash(primitives, validators)) !== header.validatorsHash) {
    throw unproven('the validators are others');
  }
  const adjacent = header.height === trusted.height + 1;
  if (adjacent && header.validatorsHash !== trusted.nextValidatorsHash) {
    throw unproven('the validators are not those that the block before names');
  }
  const votes = votesByKey(primitives, block);
  const signers = new Set(votes.keys());
  if (3n * powerOf(signers, validators) <= 2n * powerOf(undefined, validators)) {
    throw unproven('too few validators signed');
  }
  if (
    !adjacent &&
    3n * powerOf(signers, trusted.validators) <= powerOf(undefined, trusted.validators)
  ) {
    return undefined;
  }
  // Those that nobody trusts yet can be made up, and sign what they like: the others' signatures come first.
  const known = new Set(trusted.validators.map(({ key }) => key));
  const inOrder = [...votes].toSorted(([a], [b]) => Number(known.has(b)) - Number(known.has(a)));
  for (const [key, { time, signature }] of inOrder) {
    const message = voteBytes(trusted.chain, commit, time);
    if (!primitives.verifyEd25519(message, hexToBytes(signature), hexToBytes(key))) {
      throw unproven('a signature is wrong');
    }
  }
  return {
    chain: header.chain,
    height: header.height,
    time: header.time.seconds,
    validators,
    nextValidatorsHash: header.nextValidatorsHash,
    hash,
    header,
  };
}

/** The votes by the keys that are said to have signed them: each a validator's own, and once. */
function votesByKey(
  primitives: Primitives,
  { commit, validators }: LightBlock,
): ReadonlyMap<Bytes32, Vote> {
  const keys = new Map<Address, Bytes32>(
    validators.map(({ key }) => [validatorAddress(primitives, key), key]),
  );
  if (keys.size !== validators.length) throw unproven('a validator stands twice');
  const votes = new Map<Bytes32, Vote>();
  for (const vote of commit.votes) {
    const key = keys.get(vote.validator);
    if (key === undefined) throw unproven('somebody else voted');
    if (votes.has(key)) throw unproven('a validator voted twice');
    votes.set(key, vote);
  }
  return votes;
}

/** Power of those validators that signed, or of all. */
function powerOf(
  signers: ReadonlySet<Bytes32> | undefined,
  validators: readonly ConsensusValidator[],
): bigint {
  return validators.reduce(
    (sum, { key, power }) => (signers?.has(key) === false ? sum : sum + BigInt(power)),
    0n,
  );
}

function unproven(what: string): MedsealError<'LEDGER_UNPROVEN'> {
  return new MedsealError('LEDGER_UNPROVEN', { what: `the block: ${what}` });
}
