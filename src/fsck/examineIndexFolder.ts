import { LEDGER_INDEX_FOLDER } from '../node/atLedger/openLedgerIndex.ts';
import { RowStore } from '../database/rows/RowStore.ts';
import type { LocalDatabase } from '../database/synced.ts';
import type { LedgerProvider } from '../bindings/LedgerProvider.ts';
import { quantityOf } from '../bindings/quantityOf.ts';
import type { Clock } from '../protocol/Clock.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import type { ExaminationHearer } from '../services/examination/OrganisationExamination.ts';
import { indexBasis, LedgerIndex, type StandsAt } from '../services/LedgerIndex.ts';

/** Options of `examineIndexFolder`. */
export interface IndexExamination {
  readonly network: NetworkFile;
  readonly clock: Clock;
  /** The ledger of the folder; absent if it is elsewhere, so that rows are compared with their checksums alone. */
  readonly provider: LedgerProvider | undefined;
  readonly hearer: ExaminationHearer;
}

/**
 * Examines the rows of a node's view of the ledger: each is as it was written, says what the ledger says at the block
 * that the rows stand at, and is what the last digest was made of, if no event came since.
 *
 * @param database - A copy of its database.
 * @param examination - The ledger, and the receiver of findings.
 */
export async function examineIndexFolder(
  database: LocalDatabase,
  { network, clock, provider, hearer }: IndexExamination,
): Promise<void> {
  const path = LEDGER_INDEX_FOLDER;
  const fault = (what: string): void => {
    hearer.fault({
      kind: 'ledger-index',
      path,
      what: `index of the ledger: ${what}`,
      remedy: 'rebuild',
    });
  };
  try {
    const kept = await RowStore.open(database, indexBasis(network));
    if (kept.mark === undefined) return;
    const { block, digests = [], changed = Infinity } = kept.mark as StandsAt;
    const made = RowStore.inMemory();
    const index = new LedgerIndex({ provider: upTo(provider, block), network, clock, rows: made });
    if (provider !== undefined) await index.refresh();
    let rows = 0;
    for await (const [key, value] of kept.committed()) {
      rows += 1;
      if (provider === undefined) continue;
      if (JSON.stringify(made.at(key)) !== JSON.stringify(value))
        fault(`${key} is not what the ledger says`);
    }
    if (provider !== undefined && rows !== made.size) {
      fault(`it has ${rows} rows, where the ledger makes ${made.size}`);
    }
    const digest = await kept.digest();
    const newest = digests.at(-1);
    if (newest !== undefined && newest.block >= changed && newest.digest !== digest) {
      fault(
        `its rows are not those that were compared with other organisations at block ${newest.block}`,
      );
    }
    const holds = `${rows} rows; at block ${block} their digest is ${digest ?? 'unknown'}`;
    hearer.part({ path, name: 'index of the ledger', holds });
  } catch {
    fault('it cannot be read');
  }
}

/** A ledger whose newest block is an earlier one. */
function upTo(provider: LedgerProvider | undefined, block: number): LedgerProvider {
  return {
    request: async (call) => {
      const isHead = call.method === 'eth_getBlockByNumber' && call.params?.[0] === 'latest';
      const params = isHead ? [quantityOf(block), false] : call.params;
      return await provider?.request({ ...call, ...(params && { params }) });
    },
  };
}
