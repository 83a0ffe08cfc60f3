import { BYTES32, ListOf, OneOf } from '../protocol/wire/findShapeError.ts';
import type { Of } from '../protocol/struct/Of.ts';
import { parseShape } from '../protocol/wire/parseShape.ts';
import { CHAIN_NAME } from '../protocol/network/validatorShapes.ts';
import { record } from './answerFields.ts';
import { answersOf } from './answersOf.ts';
import type { SignedAnswers } from './forkOf.ts';
import { parseLightBlock } from './parseLightBlock.ts';
import type { TrustedBlock } from './verifyBlock.ts';

/** A file with a block that is trusted. */
const TRUSTED_BLOCK = {
  format: new OneOf('medseal-trusted-block/1'),
  chain: CHAIN_NAME,
  height: 'count',
  time: 'count',
  validators: new ListOf({ key: BYTES32, power: 'count' }, 1000, 1),
  nextValidatorsHash: BYTES32,
  'hash?': BYTES32,
  'signed?': 'any',
} as const;

/**
 * Parses the file of a block that is trusted. Signatures in it that are malformed or another block's are dropped: without
 * them the block is trusted as much, and only proves no fork.
 *
 * @param value - The file, decoded from JSON.
 * @param refuse - Makes the error from the reason.
 * @throws The error of `refuse`.
 */
export function parseTrustedBlock(value: unknown, refuse: (reason: string) => Error): TrustedBlock {
  const parsed = parseShape(TRUSTED_BLOCK, value, 'trusted block', refuse);
  const { format: _, signed: given, ...block } = parsed;
  const signed = signedAnswers(given, block);
  return { ...block, ...(signed && { signed }) };
}

function signedAnswers(given: unknown, trusted: TrustedBlock): SignedAnswers | undefined {
  try {
    const { commit, validators } = record(given);
    const block = parseLightBlock(commit, validators);
    return block.commit.blockId.hash === trusted.hash ? answersOf(block) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The file of a block that is trusted, as a JSON value.
 *
 * @param block - The block.
 */
export function trustedBlockFile(block: TrustedBlock): Of<typeof TRUSTED_BLOCK> {
  const { chain, height, time, validators, nextValidatorsHash, hash, signed } = block;
  return {
    format: 'medseal-trusted-block/1',
    chain,
    height,
    time,
    validators: validators.map(({ key, power }) => ({ key, power })),
    nextValidatorsHash,
    ...(hash && { hash }),
    ...(signed && { signed }),
  };
}
