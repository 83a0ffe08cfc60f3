import { hexToBytes } from '../crypto/bytes.ts';
import { examineLedger } from '../ledger/examine/examineLedger.ts';
import { openEmbeddedLedger } from '../ledger/openEmbeddedLedger.ts';
import { LedgerStore } from '../ledger/store/LedgerStore.ts';
import { LedgerIndex } from '../services/LedgerIndex.ts';
import type { LocalDatabase } from '../database/synced.ts';
import type { NodePorts } from '../folder/NodePorts.ts';
import type { ExaminedFoundation } from './examineFoundation.ts';
import type {
  ExaminationHearer,
  LedgerView,
} from '../services/examination/OrganisationExamination.ts';

/** Folder of the embedded ledger, within a data folder. */
export const LEDGER_FOLDER = 'node/ledger/chain';

/**
 * Examines the embedded ledger of a data folder, and opens the view of it that everything else is compared with.
 *
 * @param database - A copy of its database.
 * @param foundation - The founding of the network, and its network file.
 * @param ports - Hashes, curve, clock.
 * @param hearer - Told what is found.
 * @returns A view of the ledger; undefined if it cannot be read.
 */
export async function examineLedgerFolder(
  database: LocalDatabase,
  { founding, network, senders }: ExaminedFoundation,
  ports: NodePorts,
  hearer: ExaminationHearer,
): Promise<LedgerView | undefined> {
  if (founding === undefined || network === undefined) return undefined;
  const { clock, primitives } = ports;
  const { chainId } = network.ledger;
  try {
    const last = await examineLedger({
      database,
      chainId,
      genesisHash: network.ledger.genesis,
      primitives,
      onFault: (fault) =>
        hearer.fault({ ...fault, path: LEDGER_FOLDER, what: `ledger: ${fault.what}` }),
      onProgress: (done, total) => hearer.progress('ledger', done, total),
    });
    hearer.part({ path: LEDGER_FOLDER, name: 'ledger', holds: `${last + 1} blocks` });
    const { timestamp } = founding;
    const provider = await openEmbeddedLedger({
      database,
      chainId,
      genesis: { timestamp, senders },
      clock,
      primitives,
    });
    const index = new LedgerIndex({ provider, network, clock });
    await index.refresh();
    const store = new LedgerStore(database);
    return {
      index,
      provider,
      blockOf: (transaction) => store.locate(hexToBytes(transaction))?.number,
    };
  } catch {
    const what = 'ledger: its decisions cannot be read';
    hearer.fault({ kind: 'database-unreadable', path: LEDGER_FOLDER, what, remedy: 'backup' });
    return undefined;
  }
}
