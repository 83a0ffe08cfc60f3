import { encodeFunctionData } from 'viem/utils';
import type { Bytes32, Hex } from '../protocol/ids.ts';
import type { Checkpoint } from '../protocol/requests.ts';
import { evidenceAbi } from './generated/evidenceAbi.ts';

/** A checkpoint with what the contract asks for beside it. */
export interface ProvenCheckpoint {
  readonly checkpoint: Checkpoint;
  /** RFC 9162 consistency proof from the checkpoint that the contract holds; empty for a log's first. */
  readonly consistency: readonly Bytes32[];
  /** Coordinators' signatures, in ascending order of the signers' addresses. */
  readonly signatures: readonly Hex[];
}

/**
 * Calldata for `Evidence.checkpoint`.
 *
 * @param checkpoints - Any number; each is taken or refused for itself.
 */
export function encodeCheckpoint(checkpoints: readonly ProvenCheckpoint[]): Hex {
  return encodeFunctionData({
    abi: evidenceAbi,
    functionName: 'checkpoint',
    args: [
      checkpoints.map(({ checkpoint }) => ({ ...checkpoint, size: BigInt(checkpoint.size) })),
      checkpoints.map(({ consistency }) => consistency),
      checkpoints.map(({ signatures }) => signatures),
    ],
  });
}
