import { MedsealError } from '../errors/MedsealError.ts';
import { BYTES32 } from '../protocol/wire/findShapeError.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import type { LedgerBlock, LedgerEvent } from '../protocol/network/LedgerBlock.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import type { LedgerProvider } from './LedgerProvider.ts';
import { quantityIn } from './quantityIn.ts';
import { quantityOf } from './quantityOf.ts';
import { readLogs } from './readLogs.ts';
import { requestAll } from './requestAll.ts';
import { readEvents } from './readEvents.ts';
import type { RuleEvent } from './RuleEvent.ts';

/**
 * Reads blocks off the ledger, each with the events of the network's contracts.
 *
 * @param provider - The ledger.
 * @param contracts - The network's contracts.
 * @param range - From a number, to before another; what is beyond the newest block is left out.
 * @throws MedsealError `PEER_MALFORMED`; of the ledger.
 */
export async function readBlocks(
  provider: LedgerProvider,
  contracts: NetworkFile['contracts'],
  range: { readonly from: number; readonly to: number },
): Promise<readonly LedgerBlock[]> {
  const newest = quantityIn(await provider.request({ method: 'eth_blockNumber' }), 'block');
  const to = Math.min(range.to, newest + 1);
  if (range.from >= to) return [];
  const numbers = Array.from({ length: to - range.from }, (_, place) => range.from + place);
  const wanted = { addresses: Object.values(contracts), from: range.from, to: to - 1 };
  const [logs, blocks] = await Promise.all([
    readLogs(provider, wanted),
    requestAll(
      provider,
      numbers.map((number) => ({
        method: 'eth_getBlockByNumber',
        params: [quantityOf(number), false],
      })),
    ),
  ]);
  const events = Map.groupBy(readEvents(logs), ({ block }) => block);
  return blocks.map((block) => {
    const read = readBlock(block);
    return { ...read, events: (events.get(read.number) ?? []).map(eventOf) };
  });
}

function readBlock(value: unknown): Omit<LedgerBlock, 'events'> {
  const { number, hash, parentHash, timestamp, transactions } = (value ?? {}) as Readonly<
    Record<string, unknown>
  >;
  if (!Array.isArray(transactions)) throw malformed();
  return {
    number: quantityIn(number, 'block'),
    hash: word(hash),
    parent: word(parentHash),
    timestamp: quantityIn(timestamp, 'block'),
    transactions: transactions.map(word),
  };
}

function eventOf(event: RuleEvent): LedgerEvent {
  const {
    kind,
    contract: _contract,
    block: _block,
    transaction,
    logIndex: _place,
    ...values
  } = event;
  return { transaction, kind, values };
}

function word(value: unknown): Bytes32 {
  if (typeof value !== 'string' || !BYTES32.test(value)) throw malformed();
  return value as Bytes32;
}

function malformed(): MedsealError {
  return new MedsealError('PEER_MALFORMED', { what: 'block' });
}
