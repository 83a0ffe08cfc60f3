import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { readRemoval } from '../../bindings/readRemoval.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { Successor } from '../../protocol/network/Successor.ts';

/**
 * Returns the number that the removal of a validator's key has next: one more than the last that a known successor has, or the
 * ledger, where one of a change that was dropped may have been carried out.
 *
 * @param key - The validator's key.
 * @param network - The network file.
 * @param successors - Its successors that are known.
 * @param ledger - The ledger; not asked if absent.
 * @throws MedsealError of the ledger.
 */
export async function removalNumber(
  key: Bytes32,
  { contracts: { validators } }: Pick<NetworkFile, 'contracts'>,
  successors: readonly Pick<Successor, 'removal'>[],
  ledger?: LedgerProvider,
): Promise<number> {
  if (ledger !== undefined && validators !== undefined) {
    return (await readRemoval(ledger, validators, key)).removal + 1;
  }
  const known = successors.flatMap(({ removal }) =>
    removal?.message.key === key ? [removal.message.removal] : [],
  );
  return Math.max(0, ...known) + 1;
}
