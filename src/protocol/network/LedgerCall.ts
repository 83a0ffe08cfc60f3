/** Methods of Ethereum JSON-RPC by which anyone may read the ledger at an agent: none of them changes or computes anything. */
export const LEDGER_READS = [
  'eth_blockNumber',
  'eth_chainId',
  'eth_getBlockByHash',
  'eth_getBlockByNumber',
  'eth_getCode',
  'eth_getLogs',
  'eth_getTransactionByHash',
  'eth_getTransactionReceipt',
] as const;
/** Method of Ethereum JSON-RPC that only reads. */
export type LedgerRead = (typeof LEDGER_READS)[number];

/** One call of Ethereum JSON-RPC 2.0 to an agent. */
export interface LedgerCall {
  readonly jsonrpc: '2.0';
  /** Number of the call; the answer repeats it. */
  readonly id: number;
  readonly method: LedgerRead;
  /** As the Ethereum JSON-RPC specification has them. */
  readonly params: readonly unknown[];
}

/** Answer to a `LedgerCall`. */
export interface LedgerAnswer {
  readonly jsonrpc: '2.0';
  readonly id: number;
  /** As the ledger has it; null if it has no such thing. */
  readonly result?: unknown;
}
