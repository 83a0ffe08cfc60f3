import { fileInForce } from '../../protocol/network/followSuccessors.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { Successor, SuccessorFork } from '../../protocol/network/Successor.ts';

/** A node's network file and its successors, as far as it knows them. */
export interface Succession {
  /** The node's first file and what follows from it, oldest first; those to come too. */
  readonly files: readonly NetworkFile[];
  /** The successors that make them, from the network's first file on. */
  readonly successors: readonly Successor[];
  /** Proof that two successors of one file are signed; until its operator decides, the node takes no newer file. */
  readonly fork: SuccessorFork | undefined;
  /** Files that the operator has decided against, each of another successor of one of `files`. */
  readonly dropped: readonly NetworkFile[];
  /**
   * Returns the file that is in force here: after a fork the one that was in force when it was found.
   *
   * @param at - Unix seconds.
   */
  inForce(at: number): NetworkFile;
  /**
   * Runs work that finds a successor's place and keeps it there when all that came earlier has ended, whoever brings it.
   *
   * @param work - The work to run; its result or error is passed on.
   */
  placing<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Keeps one that was verified, durably. */
  add(successor: Successor): Promise<void>;
  /**
   * Keeps the proof of a fork, durably, unless the operator has decided about it.
   *
   * @param other - Verified; another successor of a file whose successor is known here.
   * @param at - Unix seconds.
   * @returns False if it was decided.
   */
  keepFork(other: Successor, at: number): Promise<boolean>;
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
    fork: undefined,
    dropped: [],
    inForce: (at) => fileInForce([network], at),
    placing: async (work) => await work(),
    add: keepNothing,
    keepFork: keepNothing,
  };
}

async function keepNothing(): Promise<never> {
  return await Promise.reject(new Error('nothing keeps a successor here'));
}
