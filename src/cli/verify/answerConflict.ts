import type { Primitives } from '../../crypto/Primitives.ts';
import { requireBlockConflict } from '../../protocol/evidence/blockConflict.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { FORK_PROVEN } from './verifyAnswers.ts';

/** Trusted data that a proof of two blocks is verified against. */
export interface ConflictContext {
  readonly primitives: Primitives;
  /** Fingerprint of the pinned network file. */
  readonly network: Bytes32;
  /** The pinned network file and those that follow it, oldest first. */
  readonly files: readonly NetworkFile[];
}

/**
 * Verifies offline that coordinators signed two different blocks of one height, and answers who signed which. One coordinator
 * that signed both is convicted; of two, the proof does not tell which one is wrong. Nobody is, if one node keeps the ledger.
 *
 * @param context - Trusted data.
 * @param given - The proof, decoded from JSON; not trusted.
 * @throws MedsealError `EVIDENCE_INVALID` if it proves nothing.
 */
export function answerConflict(
  { primitives, network, files }: ConflictContext,
  given: unknown,
): AnswerOf<typeof FORK_PROVEN> {
  const { height, isFinal, convicted, signed } = requireBlockConflict({ primitives }, files, given);
  const blocks = signed.map(({ block: { hash }, organisation, coordinator: address }) => {
    return { hash, organisation, address };
  });
  const convicts =
    convicted === undefined
      ? []
      : [{ organisation: convicted.organisation, address: convicted.coordinator }];
  return {
    value: { network, height, blocks, convicts },
    lines: [
      `Proven: two different blocks of height ${height} are signed as the ledger’s.`,
      ...blocks.map((each) => `  ${each.hash} by ${each.organisation} (${each.address})`),
      '',
      sentenceOf(isFinal, convicted !== undefined),
      'Show it to all organisations.',
      '',
      `Verified against the network file ${network}.`,
    ],
  };
}

function sentenceOf(isFinal: boolean, isConvicted: boolean): string {
  if (!isFinal)
    return 'One organisation’s node keeps this ledger. If it was restored from a backup, it has other blocks of this height, and honest coordinators sign them too. Otherwise a coordinator signed what is not so, or others have its key.';
  if (isConvicted) return 'One coordinator signed both, or others have its key.';
  return 'One of the two does not follow the ledger, or others have its key. The proof does not tell which one.';
}
