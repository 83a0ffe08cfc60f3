import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { portablePrimitives as primitives } from '../../crypto/portablePrimitives.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { ed25519 } from '@noble/curves/ed25519.js';
import { answersOf } from '../answersOf.ts';
import { blockHash } from '../blockHash.ts';
import { forkOf, type ForkProof } from '../forkOf.ts';
import type { ConsensusHeader, ConsensusValidator, LightBlock, Vote } from '../LightBlock.ts';
import { sortValidators, validatorAddress } from '../sortValidators.ts';
import { validatorsHash } from '../validatorsHash.ts';
import { voteBytes } from '../voteBytes.ts';

/** A validator that is here in the test, with its secret. */
export interface OwnValidator extends ConsensusValidator {
  readonly seed: Uint8Array;
}

/** Validators whose secrets are the hashes of their names. */
export function makeValidators(powers: Readonly<Record<string, number>>): readonly OwnValidator[] {
  return Object.entries(powers).map(([name, power]) => {
    const seed = primitives.sha256(utf8ToBytes(name));
    return { seed, power, key: bytesToHex(ed25519.getPublicKey(seed)) };
  });
}

/** Properties of the block to make. */
export interface Forgery {
  readonly chain?: string;
  readonly height: number;
  readonly time?: number;
  readonly validators: readonly OwnValidator[];
  /** Those of the next block; the same unless given. */
  readonly next?: readonly OwnValidator[];
  /** Those that sign; all unless given. */
  readonly signers?: readonly OwnValidator[];
  /** The round in which they sign; 2 unless given. */
  readonly round?: number;
  /** The chain that the votes name; the block's unless given. */
  readonly signedFor?: string;
}

/** Makes a block that is signed as the consensus would sign it. */
export function forgeBlock(forgery: Forgery): LightBlock {
  const { chain = 'medseal-test', height, time = 1000 + height, next, signedFor = chain } = forgery;
  const { round = 2 } = forgery;
  const validators = sortValidators(primitives, forgery.validators).map(({ key, power }) => {
    return { key, power };
  });
  const filler = bytesToHex(primitives.sha256(utf8ToBytes(`${chain} ${height}`)));
  const header: ConsensusHeader = {
    version: { block: 11, app: 0 },
    chain,
    height,
    time: { seconds: time, nanos: 5 },
    lastBlockId: { hash: filler, parts: { total: 1, hash: filler } },
    lastCommitHash: filler,
    dataHash: filler,
    validatorsHash: hashOf(forgery.validators),
    nextValidatorsHash: hashOf(next ?? forgery.validators),
    consensusHash: filler,
    appHash: filler,
    lastResultsHash: filler,
    evidenceHash: filler,
    proposer: `0x${'11'.repeat(20)}`,
  };
  const hash = bytesToHex(blockHash(primitives, header));
  const commit = { height, round, blockId: { hash, parts: { total: 1, hash: filler } } };
  const votes = (forgery.signers ?? forgery.validators).map(({ seed, key }): Vote => {
    const moment = { seconds: time, nanos: 7 };
    const message = voteBytes(signedFor, commit, moment);
    const signature = bytesToHex(primitives.signEd25519(message, seed));
    return { validator: validatorAddress(primitives, key), time: moment, signature };
  });
  return { header, commit: { ...commit, votes }, validators };
}

/** Proof that validators signed two blocks of height 7; unless given, four that nobody knows. */
export function forkProof(
  validators = makeValidators({ anna: 10, bert: 10, carl: 10, dora: 10 }),
  chain = `medseal-${'5a'.repeat(16)}`,
): ForkProof {
  const [one, other] = [1007, 1099].map((time) =>
    answersOf(forgeBlock({ chain, height: 7, time, validators })),
  );
  const proof = one && other && forkOf(primitives, chain, [one, other]);
  if (proof === undefined) throw new Error('no fork');
  return proof;
}

function hashOf(set: readonly ConsensusValidator[]): Bytes32 {
  return bytesToHex(validatorsHash(primitives, sortValidators(primitives, set)));
}
