import type { Address, Bytes32, Hex } from '../protocol/ids.ts';

/** A moment as the consensus signs it. */
export interface Moment {
  /** Seconds since 1970-01-01T00:00:00Z. */
  readonly seconds: number;
  readonly nanos: number;
}

/** A block's name: the hash of its header, and the hash and number of the parts in which it is sent. */
export interface BlockId {
  readonly hash: Hex;
  readonly parts: { readonly total: number; readonly hash: Hex };
}

/** A block's header as CometBFT has it; each hash is 32 bytes, or empty. */
export interface ConsensusHeader {
  readonly version: { readonly block: number; readonly app: number };
  /** The chain's name. */
  readonly chain: string;
  readonly height: number;
  readonly time: Moment;
  readonly lastBlockId: BlockId;
  readonly lastCommitHash: Hex;
  /** Root over the hashes of this block's transactions. */
  readonly dataHash: Hex;
  /** Hash of the validators that sign this block. */
  readonly validatorsHash: Hex;
  /** Hash of the validators that sign the next one. */
  readonly nextValidatorsHash: Hex;
  readonly consensusHash: Hex;
  /** Root of the state after the block *before* this one. */
  readonly appHash: Hex;
  /** Root over the results of the transactions of the block *before* this one. */
  readonly lastResultsHash: Hex;
  readonly evidenceHash: Hex;
  readonly proposer: Hex;
}

/** A vote for a block. Votes for nothing and absent votes are not kept: they prove nothing. */
export interface Vote {
  /** First 20 bytes of SHA-256 of the validator's key. */
  readonly validator: Address;
  readonly time: Moment;
  /** Ed25519, 64 bytes. */
  readonly signature: Hex;
}

/** Votes for one block, in one round. */
export interface Commit {
  readonly height: number;
  readonly round: number;
  readonly blockId: BlockId;
  readonly votes: readonly Vote[];
}

/** One validator of a set. */
export interface ConsensusValidator {
  /** Ed25519 public key. */
  readonly key: Bytes32;
  /** Its share; a stake of n has the power n. */
  readonly power: number;
}

/** A header, the votes for it, and the validators that may vote. Nothing of it is verified yet. */
export interface LightBlock {
  readonly header: ConsensusHeader;
  readonly commit: Commit;
  readonly validators: readonly ConsensusValidator[];
}
