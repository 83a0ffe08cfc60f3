import { isMedsealError } from '../errors/isMedsealError.ts';
import type { Address } from '../protocol/ids.ts';
import { encodeBatch } from './encodeBatch.ts';
import { consentAbi } from './generated/consentAbi.ts';
import type { LedgerProvider } from './LedgerProvider.ts';

/**
 * Tells whether a network's `Consent` takes ends of rights that begin no epoch: one that was founded earlier does not.
 *
 * @param provider - The ledger.
 * @param consent - The contract.
 * @throws MedsealError `LEDGER_UNREACHABLE`.
 */
export async function takesEnds(provider: LedgerProvider, consent: Address): Promise<boolean> {
  const data = encodeBatch(consentAbi, 'end', []);
  try {
    await provider.request({ method: 'eth_call', params: [{ to: consent, data }, 'latest'] });
    return true;
  } catch (error) {
    if (isMedsealError(error, 'LEDGER_REJECTED')) return false;
    throw error;
  }
}
