import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { areLogsWhole } from '../../database/files/examineDatabaseFiles.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { RowStore } from '../../database/rows/RowStore.ts';
import type { Clock } from '../../protocol/Clock.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { indexBasis, LedgerIndex } from '../../services/LedgerIndex.ts';
import type { NodeFolder } from '../NodeFolder.ts';

/** Folder of the rows, within a data folder. */
export const LEDGER_INDEX_FOLDER = 'node/ledger/index';

/** A view of the ledger whose rows are in a node's folder. */
export interface OpenedIndex {
  readonly index: LedgerIndex;
  /** Closes its database. */
  readonly close: () => Promise<void>;
}

/**
 * Opens a node's view of its ledger. Its rows are in `node/ledger/index`, and go on where they stood when the node was
 * stopped or cut off; if they are gone, they are read from the ledger again.
 *
 * @param folder - The node's folder.
 * @param options - The ledger, the network, the clock, and a receiver of damage that a pass over the rows finds.
 * @throws MedsealError `FOLDER_UNWRITABLE`; `FOLDER_EXPOSED` if others can write to it.
 */
export async function openLedgerIndex(
  folder: Pick<NodeFolder, 'part'>,
  {
    provider,
    network,
    clock,
    onFailure,
  }: {
    readonly provider: LedgerProvider;
    readonly network: NetworkFile;
    readonly clock: Clock;
    readonly onFailure: (error: unknown) => void;
  },
): Promise<OpenedIndex> {
  const place = await folder.part('node/ledger');
  const path = join(place.files.path, 'index');
  // A row that is not as it was written must not be judged from; all can be read again.
  if (!(await areLogsWhole(path))) await rm(path, { recursive: true });
  const database = await place.database('index').catch(async (error: unknown) => {
    const isLost =
      isMedsealError(error, 'FOLDER_UNWRITABLE') || isMedsealError(error, 'STORE_DAMAGED');
    if (!isLost) throw error;
    await rm(path, { recursive: true });
    return await place.database('index');
  });
  try {
    const rows = await RowStore.open(database, indexBasis(network));
    const index = new LedgerIndex({ provider, network, clock, rows, onFailure });
    const close = async (): Promise<void> => {
      await index.close();
      await database.close();
    };
    return { index, close };
  } catch (error) {
    await database.close();
    throw error;
  }
}
