import type { NetworkFile } from '../../protocol/NetworkFile.ts';
import type { Successor } from '../../protocol/Successor.ts';

/** A node's network file and its successors, as far as it knows them. */
export interface Succession {
  /** The node's first file and what follows from it, oldest first; those to come too. */
  readonly files: readonly NetworkFile[];
  /** The successors that make them, from the network's first file on. */
  readonly successors: readonly Successor[];
  /** Keeps one that was verified, durably. */
  add(successor: Successor): Promise<void>;
}

/**
 * The succession of a network whose file has no successors here.
 *
 * @param network - The network file.
 */
export function noSuccession(network: NetworkFile): Succession {
  return {
    files: [network],
    successors: [],
    add: async () => await Promise.reject(new Error('nothing keeps a successor here')),
  };
}
