/**
 * The most that one block of a consortium's ledger can hold, by the rules that its validators vote by: `engine/app` has
 * the same numbers, and the blocks of the embedded engine are smaller. A block cannot be read in parts, so whoever reads the
 * ledger takes as much: a smaller bound would let one block stop every reader for good.
 */
export const BLOCK_LIMITS = {
  /** Gas of all transactions. */
  gas: 60_000_000,
  /** Bytes of all transactions, evidence included. */
  bytes: 4 * 2 ** 20,
  /** Number of transactions. */
  transactions: 500,
  /** Validators that sign it. */
  validators: 100,
} as const;

/** Gas of a log without topics and data. Each topic costs as much again, and each byte of data 8 (Yellow Paper, appendix G). */
const LOG_GAS = 375;

/** Logs of one block. */
export const MOST_LOGS = Math.floor(BLOCK_LIMITS.gas / LOG_GAS);

/** Bytes that a transaction and what it did take in an answer beside its logs: hashes, numbers, a filter of its logs. */
const TRANSACTION = 4096;

/**
 * Bytes of a block's logs as JSON-RPC has them. One without topics and data takes 1.4 bytes for each unit of its gas; a
 * topic takes 0.2, and data 0.25, so the most bytes come of the most logs.
 */
export const MOST_LOG_BYTES = MOST_LOGS * 512 + BLOCK_LIMITS.transactions * TRANSACTION;

/** Bytes of what a block's transactions did as validators sign it, in Base64 within JSON; the most come of the most logs. */
export const MOST_RESULT_BYTES =
  Math.ceil((MOST_LOGS * 256 * 4) / 3) + BLOCK_LIMITS.transactions * TRANSACTION;

/** Bytes of a block with its whole transactions, each byte as two digits, and its signatures. */
export const MOST_BLOCK_BYTES = 2 * BLOCK_LIMITS.bytes + BLOCK_LIMITS.transactions * TRANSACTION;

/** Bytes of an answer about one block, whatever is asked of it. */
export const MOST_ANSWER_BYTES = Math.max(MOST_LOG_BYTES, MOST_RESULT_BYTES, MOST_BLOCK_BYTES);
