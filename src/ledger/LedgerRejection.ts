import { MedsealError } from '../errors/MedsealError.ts';

/**
 * The ledger answered with a JSON-RPC error: a `LEDGER_REJECTED` that also carries the error's data, under the
 * names that EIP-1193 gives them in a provider's error.
 */
export class LedgerRejection extends MedsealError<'LEDGER_REJECTED'> {
  /** The JSON-RPC error's data; for code 3 (execution reverted) what the contract answered, in hexadecimal. */
  readonly data: unknown;

  /**
   * @param rpcCode - JSON-RPC code, such as -32000; 3 for a call that reverted.
   * @param reason - The error's message.
   * @param data - The error's data.
   */
  constructor(rpcCode: number, reason: string, data?: unknown) {
    super('LEDGER_REJECTED', { code: rpcCode, reason });
    this.data = data;
  }
}
