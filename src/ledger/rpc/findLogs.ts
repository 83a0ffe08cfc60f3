import { hexToBytes } from '../../crypto/bytes.ts';
import { LoopSlices } from '../chain/LoopSlices.ts';
import { LedgerRejection } from '../LedgerRejection.ts';
import { byHash, byTag } from './blockMethods.ts';
import type { LedgerContext } from './LedgerContext.ts';
import type { LogQuery } from './LogQuery.ts';
import { invalid, isAbsent, isRecord, readAddress, readBytes32 } from './parameters.ts';
import { presentLogs, type RpcLog } from './present.ts';

/** Logs in an answer at most, and blocks that one query reads; ask for fewer blocks. */
const [MAX_LOGS, MAX_BLOCKS] = [20_000, 20_000];
/** Addresses and topics in a query at most. */
const MAX_TERMS = 1000;
/** Bytes of data that the logs of an answer have at most, unless one block alone has more. */
const MOST_BYTES = 4 * 2 ** 20;
/** Units of work (see `Slices`): reading a block off the disk, one of its receipts, one of its logs. */
const UNITS = { block: 128, receipt: 8, log: 8 };

/**
 * Reads a filter as `eth_getLogs` and `eth_newFilter` take it.
 * @throws LedgerRejection -32602 for what is not one.
 */
export function readLogQuery(ledger: LedgerContext, value: unknown): LogQuery {
  if (!isRecord(value)) throw invalid('filter');
  const { address, topics, fromBlock, toBlock, blockHash } = value;
  const addresses = isAbsent(address) ? [] : [address].flat();
  if (!isAbsent(topics) && !Array.isArray(topics)) throw invalid('topics');
  const positions = (topics ?? []) as unknown[];
  if (positions.length > 4) throw invalid('topics');
  const many = [addresses, ...positions.map((topic) => [topic].flat())];
  if (many.reduce((sum, { length }) => sum + length, 0) > MAX_TERMS) {
    throw invalid(`filter: more than ${MAX_TERMS} addresses and topics`);
  }
  const terms = [
    addresses.map((item) => readAddress(item)),
    ...positions.map((topic) =>
      isAbsent(topic) ? [] : [topic].flat().map((item) => readBytes32(item, 'topic')),
    ),
  ];
  if (!isAbsent(blockHash)) {
    if (!isAbsent(fromBlock) || !isAbsent(toBlock))
      throw invalid('filter: both blockHash and a range');
    const number = byHash(ledger, blockHash);
    if (number === undefined) throw new LedgerRejection(-32000, 'unknown block');
    return { terms, from: number, to: number };
  }
  const last = ledger.chain.head.header.number;
  return {
    terms,
    from: byTag(ledger, fromBlock) ?? last + 1,
    to: isAbsent(toBlock) || toBlock === 'latest' ? undefined : byTag(ledger, toBlock),
  };
}

/**
 * The logs that match, in their order.
 * @throws LedgerRejection -32005 if there are too many, or too many blocks would have to be read.
 */
export async function findLogs(ledger: LedgerContext, query: LogQuery): Promise<RpcLog[]> {
  const { chain } = ledger;
  const to = Math.min(query.to ?? Infinity, chain.head.header.number);
  const found: RpcLog[] = [];
  const slices = new LoopSlices();
  let bytes = 0;
  for (const number of await blocksToRead(ledger, query, to)) {
    if (slices.count(UNITS.block)) await slices.next();
    const block = chain.block(number);
    if (block === undefined) continue;
    for (const [index, { logs }] of block.receipts.entries()) {
      if (slices.count(UNITS.receipt + UNITS.log * logs.length)) await slices.next();
      for (const log of presentLogs(block, index)) {
        if (!matches(query, log)) continue;
        found.push(log);
        bytes += log.data.length / 2;
      }
      // The logs of one block are bounded by its gas, and cannot be asked for in smaller parts.
      if (query.from === to) continue;
      if (found.length > MAX_LOGS) throw tooMuch(`returned more than ${MAX_LOGS} results`);
      if (bytes > MOST_BYTES) throw tooMuch(`returned more than ${MOST_BYTES} bytes`);
    }
  }
  return found;
}

/** Tells whether a log is one of those that are asked for, the range of blocks aside. */
function matches(query: LogQuery, log: RpcLog): boolean {
  const values = [log.address, ...log.topics];
  return query.terms.every((any, position) => {
    const value = values[position];
    return value === undefined ? position === 0 : any.length === 0 || any.includes(value);
  });
}

/** The blocks that the index does not rule out. */
async function blocksToRead(
  { chain }: LedgerContext,
  { terms, from }: LogQuery,
  to: number,
): Promise<Iterable<number>> {
  let candidates: Set<number> | undefined;
  for (const [position, any] of terms.entries()) {
    if (any.length === 0) continue;
    const here = new Set<number>();
    const range = { from, to, limit: 4 * MAX_BLOCKS + 1 };
    // One after the other: each list can be as long as the limit.
    for (const hex of new Set(any)) {
      for await (const number of chain.store.blocksWith(position, hexToBytes(hex), range)) {
        here.add(number);
      }
      if (here.size > 4 * MAX_BLOCKS) {
        throw tooMuch(`matches in more than ${4 * MAX_BLOCKS} blocks`);
      }
    }
    candidates =
      candidates === undefined ? here : new Set([...candidates].filter((n) => here.has(n)));
  }
  const count = candidates?.size ?? to - from + 1;
  if (count > MAX_BLOCKS) throw tooMuch(`reads more than ${MAX_BLOCKS} blocks`);
  if (candidates !== undefined) return [...candidates].toSorted((a, b) => a - b);
  return range(from, to);
}

function tooMuch(what: string): LedgerRejection {
  return new LedgerRejection(-32005, `query ${what}; ask for fewer blocks`);
}

function* range(from: number, to: number): Iterable<number> {
  for (let number = from; number <= to; number++) yield number;
}
