import { MedsealError } from '../errors/MedsealError.ts';
import type { Address, Hex } from '../protocol/ids.ts';
import type { LedgerProvider } from './LedgerProvider.ts';

/**
 * Calls a contract without changing anything.
 *
 * @param provider - The ledger.
 * @param to - The contract.
 * @param data - Calldata.
 * @param block - Number of the block whose state is asked; the newest if absent.
 * @returns The bytes that the contract returned.
 * @throws MedsealError `LEDGER_OTHER` if there is no such contract; errors of the provider.
 */
export async function ethCall(
  provider: LedgerProvider,
  to: Address,
  data: Hex,
  block?: number,
): Promise<Hex> {
  const tag = block === undefined ? 'latest' : `0x${block.toString(16)}`;
  const result = await provider.request({ method: 'eth_call', params: [{ to, data }, tag] });
  if (typeof result !== 'string' || !/^0x(?:[0-9a-fA-F]{2})*$/.test(result)) {
    throw new MedsealError('PEER_MALFORMED', { what: 'ledger answer' });
  }
  if (result === '0x') throw new MedsealError('LEDGER_OTHER', {});
  return result as Hex;
}

/**
 * Decodes what a contract returned, as somebody says.
 *
 * @param decode - Decodes it; it may throw.
 * @throws MedsealError `PEER_MALFORMED` if it is of another form.
 */
export function decodeAnswer<Answer>(decode: () => Answer): Answer {
  try {
    return decode();
  } catch (cause) {
    throw new MedsealError('PEER_MALFORMED', { what: 'ledger answer' }, { cause });
  }
}
