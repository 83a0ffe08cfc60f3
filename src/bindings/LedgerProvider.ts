/**
 * The ledger as every other room sees it: an EIP-1193 provider. Parameters and results are JSON values, as the
 * Ethereum JSON-RPC specification has them; the embedded engine and the JSON-RPC engine are its two kinds.
 */
export interface LedgerProvider {
  /**
   * Calls a JSON-RPC method.
   * @param call - A method's name and parameters, such as `eth_call`.
   * @returns The result, a JSON value.
   * @throws MedsealError `LEDGER_REJECTED` with the JSON-RPC code if the ledger answers with an error;
   * `LEDGER_UNREACHABLE` or `LEDGER_STOPPED` if it cannot answer.
   */
  request(call: { method: string; params?: readonly unknown[] }): Promise<unknown>;
  /**
   * Calls several methods in one exchange, if the ledger is reached over a connection; absent elsewhere. Ask by
   * `requestAll`, which does without it.
   * @param calls - At most 100.
   * @returns The results, in the order of the calls.
   * @throws MedsealError as `request`, for the first that fails.
   */
  requestAll?(
    calls: readonly { method: string; params?: readonly unknown[] }[],
  ): Promise<readonly unknown[]>;
}
