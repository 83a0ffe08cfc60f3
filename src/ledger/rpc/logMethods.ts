import { bytesToHex } from '../../crypto/bytes.ts';
import type { Hex } from '../../protocol/ids.ts';
import { LoopSlices } from '../chain/LoopSlices.ts';
import { LedgerRejection } from '../LedgerRejection.ts';
import { findLogs, readLogQuery } from './findLogs.ts';
import type { LogQuery } from './LogQuery.ts';
import type { Filter } from './FilterRegistry.ts';
import type { LedgerContext, MethodTable } from './LedgerContext.ts';
import { readQuantity, toQuantity } from './parameters.ts';

/** Logs, and filters that tell what is new. */
export const logMethods: MethodTable = {
  eth_getLogs: async (ledger, [filter]) => await findLogs(ledger, readLogQuery(ledger, filter)),
  eth_newFilter: (ledger, [filter]) => open(ledger, 'logs', readLogQuery(ledger, filter)),
  eth_newBlockFilter: (ledger) => open(ledger, 'blocks'),
  eth_newPendingTransactionFilter: (ledger) => open(ledger, 'transactions'),
  eth_uninstallFilter: ({ filters }, [id]) => filters.remove(readId(id)),
  eth_getFilterLogs: async (ledger, [id]) => {
    const { query } = find(ledger, id);
    if (query === undefined) throw new LedgerRejection(-32000, 'filter not found');
    return await findLogs(ledger, query);
  },
  eth_getFilterChanges: async (ledger, [id]) => {
    const filter = find(ledger, id);
    if (filter.kind === 'transactions') return filter.arrived.splice(0);
    const from = filter.nextBlock;
    const last = ledger.chain.head.header.number;
    filter.nextBlock = last + 1;
    if (filter.kind === 'blocks' || filter.query === undefined) {
      return await hashesOf(ledger, Math.max(from, last + 1 - MOST_HASHES), last);
    }
    const query = { ...filter.query, from: Math.max(from, filter.query.from) };
    return await findLogs(ledger, query);
  },
};

/** Hashes of blocks that one answer has at most; of more, it has the newest. */
const MOST_HASHES = 8192;
/** Reading a block off the disk. */
const UNITS_PER_BLOCK = 128;

async function hashesOf({ chain }: LedgerContext, from: number, to: number): Promise<Hex[]> {
  const hashes: Hex[] = [];
  const slices = new LoopSlices();
  for (let number = from; number <= to; number++) {
    hashes.push(bytesToHex(chain.hashOf(number)));
    if (slices.count(UNITS_PER_BLOCK)) await slices.next();
  }
  return hashes;
}

function open(ledger: LedgerContext, kind: Filter['kind'], query?: LogQuery): Hex {
  const nextBlock = ledger.chain.head.header.number + 1;
  return ledger.filters.add({ kind, query, nextBlock, arrived: [] });
}

function find({ filters }: LedgerContext, id: unknown): Filter {
  const filter = filters.get(readId(id));
  if (filter === undefined) throw new LedgerRejection(-32000, 'filter not found');
  return filter;
}

function readId(id: unknown): Hex {
  return toQuantity(readQuantity(id, 'filter id'));
}
