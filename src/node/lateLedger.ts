import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { requestAll } from '../bindings/requestAll.ts';

/**
 * Returns a ledger that is connected to when it is first asked, and again after that failed.
 *
 * @param connect - Connects to it.
 */
export function lateLedger(connect: () => Promise<LedgerProvider>): LedgerProvider {
  let connecting: Promise<LedgerProvider> | undefined;
  const connected = async (): Promise<LedgerProvider> => {
    connecting ??= connect();
    try {
      return await connecting;
    } catch (error) {
      connecting = undefined;
      throw error;
    }
  };
  return {
    request: async (call) => await (await connected()).request(call),
    requestAll: async (calls) => await requestAll(await connected(), calls),
  };
}
