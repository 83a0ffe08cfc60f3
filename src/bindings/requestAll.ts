import type { LedgerProvider } from './LedgerProvider.ts';

/**
 * Calls several methods of a ledger, in one exchange if it takes that.
 *
 * @param provider - The ledger.
 * @param calls - Methods and parameters, at most 100.
 * @returns The results, in the order of the calls.
 * @throws MedsealError of the ledger.
 */
export async function requestAll(
  provider: LedgerProvider,
  calls: Parameters<NonNullable<LedgerProvider['requestAll']>>[0],
): Promise<readonly unknown[]> {
  if (provider.requestAll !== undefined) return await provider.requestAll(calls);
  return await Promise.all(calls.map(async (call) => await provider.request(call)));
}
