import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { readEvents } from '../../bindings/readEvents.ts';
import { readLogs } from '../../bindings/readLogs.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { LedgerPlace, SignedCheckpoint } from '../../protocol/evidence/evidence.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';

/**
 * Asks a ledger if it has a checkpoint at a place.
 *
 * @param provider - The ledger.
 * @param network - The pinned network file.
 * @param checkpoint - The checkpoint.
 * @param place - Claimed transaction and block.
 * @throws MedsealError `EVIDENCE_INVALID` if the ledger does not have it there; of the ledger.
 */
export async function confirmPlace(
  provider: LedgerProvider,
  network: NetworkFile,
  { log: name, size, root }: Pick<SignedCheckpoint, 'log' | 'size' | 'root'>,
  { transaction, block }: LedgerPlace,
): Promise<void> {
  const { log } = logOf(network, name);
  // The block's logs, not the transaction's receipt: that a transaction is unknown cannot be proven.
  const range = { addresses: [network.contracts.evidence], from: block, to: block };
  const held = readEvents(await readLogs(provider, range)).some(
    (event) =>
      event.kind === 'Checkpointed' &&
      event.contract === network.contracts.evidence &&
      event.block === block &&
      event.transaction === transaction &&
      event.log === log.id &&
      event.size === size &&
      event.root === root,
  );
  if (!held) throw invalid('the ledger holds no such checkpoint in that transaction and block');
}

function invalid(reason: string): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason });
}
