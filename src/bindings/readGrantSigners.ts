import { decodeFunctionData, isHex, recoverAddress } from 'viem/utils';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Address, Bytes32 } from '../protocol/ids.ts';
import { consentAbi } from './generated/consentAbi.ts';
import type { LedgerProvider } from './LedgerProvider.ts';

/**
 * Reads which keys can have signed a grant that a transaction brought to the ledger: the contract tells of the grant alone.
 *
 * @param provider - The ledger.
 * @param consent - The contract of rights.
 * @param granted - The transaction, and the digest that was signed.
 * @returns A key for each signature of the transaction; undefined if it did not call that contract itself.
 * @throws MedsealError `PEER_MALFORMED` if the ledger does not show the transaction; of the ledger.
 */
export async function readGrantSigners(
  provider: LedgerProvider,
  consent: Address,
  { transaction, grant }: { readonly transaction: Bytes32; readonly grant: Bytes32 },
): Promise<readonly Address[] | undefined> {
  const method = 'eth_getTransactionByHash';
  const found = (await provider.request({ method, params: [transaction] })) as {
    readonly to?: unknown;
    readonly input?: unknown;
  } | null;
  // Its event came from there, so the ledger has it.
  if (found === null) throw new MedsealError('PEER_MALFORMED', { what: 'ledger answer' });
  const { to, input } = found;
  if (typeof to !== 'string' || to.toLowerCase() !== consent || !isHex(input)) return undefined;
  const signatures = signaturesIn(input);
  if (signatures === undefined) return undefined;
  const keys = signatures.map(async (signature) => {
    try {
      const key = await recoverAddress({ hash: grant, signature });
      return [key.toLowerCase() as Address];
    } catch {
      return [];
    }
  });
  return (await Promise.all(keys)).flat();
}

function signaturesIn(data: `0x${string}`): readonly `0x${string}`[] | undefined {
  try {
    const { functionName, args } = decodeFunctionData({ abi: consentAbi, data });
    return functionName === 'grant' ? args[1] : undefined;
  } catch {
    return undefined;
  }
}
