import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { readCheckpointed } from '../../bindings/readCheckpointed.ts';
import type { SignedCheckpoint } from '../../protocol/evidence/evidence.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';

/** Findings of a comparison with a ledger. */
export interface LedgerCompared {
  /** Differences, a sentence for each. */
  readonly faults: readonly string[];
  /** Facts that the ledger does not tell, a sentence for each. */
  readonly unchecked: readonly string[];
}

/**
 * Compares a checkpoint with the one of its size that a ledger holds.
 *
 * @param network - The pinned network file.
 * @param ledger - The ledger.
 * @param checkpoint - The checkpoint, of a log that the network has.
 * @throws MedsealError `NOT_FOUND` if the network has no such log; of the ledger.
 */
export async function compareWithLedger(
  network: NetworkFile,
  ledger: LedgerProvider,
  { log, size, root }: Pick<SignedCheckpoint, 'log' | 'size' | 'root'>,
): Promise<LedgerCompared> {
  const { id } = logOf(network, log).log;
  const held = await readCheckpointed(ledger, network.contracts, id);
  const there = held.find((each) => each.size === size);
  if (there === undefined) {
    const what = `that the ledger holds the checkpoint of ${size} entries: it does not`;
    return { faults: [], unchecked: [what] };
  }
  if (there.root === root) return { faults: [], unchecked: [] };
  return { faults: [`the ledger holds another history, of ${size} entries`], unchecked: [] };
}
