/**
 * The ledger as every other room sees it: an EIP-1193 provider. Parameters and results are JSON values, as the
 * Ethereum JSON-RPC specification has them; the embedded engine and the JSON-RPC engine are its two kinds.
 */
export interface LedgerProvider {
  /**
   * Calls a JSON-RPC method.
   * @param call - A method's name and parameters, such as `eth_call`.
   * @returns The result, a JSON value.
   * @throws MedsealError `LEDGER_REJECTED` with the JSON-RPC code where the ledger answers with an error;
   * `LEDGER_UNREACHABLE` or `LEDGER_STOPPED` where it can not answer.
   */
  request(call: { method: string; params?: readonly unknown[] }): Promise<unknown>;
}
