import type { LedgerProvider } from '../../../../src/bindings/LedgerProvider.ts';
import { quantityIn } from '../../../../src/bindings/quantityIn.ts';
import { quantityOf } from '../../../../src/bindings/quantityOf.ts';
import { readBlockNumber, readLogs } from '../../../../src/bindings/readLogs.ts';
import { readCall, type ContractCall } from '../../../../src/bindings/readCall.ts';
import { readEvents, type RuleEvent } from '../../../../src/bindings/readEvents.ts';
import { MedsealError } from '../../../../src/errors/MedsealError.ts';
import type { NetworkFile } from '../../../../src/protocol/network/NetworkFile.ts';

/** A transaction as the explorer shows it. */
export interface SeenTransaction {
  readonly hash: string;
  readonly from: string;
  /** Absent if it creates a contract. */
  readonly to?: string;
  /** Number of its block. */
  readonly block: number;
  /** Bytes of calldata. */
  readonly size: number;
  /** The decoded call, if it calls one of the network's contracts. */
  readonly call?: ContractCall;
}

/** A block as the explorer shows it. */
export interface SeenBlock {
  readonly number: number;
  readonly hash: string;
  readonly parent: string;
  /** Unix seconds. */
  readonly timestamp: number;
  /** Root of the ledger's state after it. */
  readonly stateRoot: string;
  readonly transactions: readonly SeenTransaction[];
  readonly events: readonly RuleEvent[];
}

/** A transaction with what came of it. */
export interface SeenOutcome {
  readonly transaction: SeenTransaction;
  readonly succeeded: boolean;
  readonly gasUsed: number;
  readonly events: readonly RuleEvent[];
}

/** Blocks whose events are asked for at once: no more than an agent answers for. */
const RANGE = 2000;
const HASH = /^0x[0-9a-f]{64}$/;

/**
 * Reads a block with its transactions, decoded, and the contracts' events.
 *
 * @param ledger - The ledger.
 * @param network - Names the contracts.
 * @param block - Number or hash.
 * @returns Undefined if there is no such block.
 * @throws MedsealError `PEER_MALFORMED`; of the ledger.
 */
export async function readSeenBlock(
  ledger: LedgerProvider,
  { contracts }: Pick<NetworkFile, 'contracts'>,
  block: number | string,
): Promise<SeenBlock | undefined> {
  const found =
    typeof block === 'number'
      ? await ledger.request({
          method: 'eth_getBlockByNumber',
          params: [quantityOf(block), true],
        })
      : await ledger.request({ method: 'eth_getBlockByHash', params: [block, true] });
  if (found === null) return undefined;
  const { number, hash, parentHash, timestamp, stateRoot, transactions } = fieldsOf(found);
  if (!Array.isArray(transactions)) throw malformed();
  const at = quantityIn(number, 'block');
  const alone = { addresses: Object.values(contracts), from: at, to: at };
  const logs = await readLogs(ledger, alone);
  return {
    number: at,
    hash: word(hash),
    parent: word(parentHash),
    timestamp: quantityIn(timestamp, 'block'),
    stateRoot: word(stateRoot),
    transactions: transactions.map(seenTransaction),
    events: readEvents(logs),
  };
}

/**
 * Reads a transaction and what came of it.
 *
 * @param ledger - The ledger.
 * @param hash - Hash of the transaction.
 * @returns Undefined if there is no such transaction in a block.
 * @throws MedsealError `PEER_MALFORMED`; of the ledger.
 */
export async function readSeenTransaction(
  ledger: LedgerProvider,
  hash: string,
): Promise<SeenOutcome | undefined> {
  const params = [hash];
  const receipt = await ledger.request({ method: 'eth_getTransactionReceipt', params });
  if (receipt === null) return undefined;
  const found = await ledger.request({ method: 'eth_getTransactionByHash', params });
  if (found === null) return undefined;
  const { status, gasUsed, logs } = fieldsOf(receipt);
  return {
    transaction: seenTransaction(found),
    succeeded: status === '0x1',
    gasUsed: quantityIn(gasUsed, 'receipt'),
    events: readEvents(logs),
  };
}

/**
 * Finds the contracts' events that name an address or a hash, newest first.
 *
 * @param ledger - The ledger.
 * @param network - Names the contracts.
 * @param wanted - Address or hash, in lower case.
 * @param options - `most`: events at most. `onPart`: called with the part of the ledger that was read, from 0 to 1.
 * @throws MedsealError `PEER_MALFORMED`; of the ledger.
 */
export async function findEvents(
  ledger: LedgerProvider,
  { contracts }: Pick<NetworkFile, 'contracts'>,
  wanted: string,
  { most, onPart }: { readonly most: number; readonly onPart?: (part: number) => void },
): Promise<readonly RuleEvent[]> {
  const head = await readBlockNumber(ledger);
  const found: RuleEvent[] = [];
  for (let to = head; to >= 0 && found.length < most; to -= RANGE) {
    const from = Math.max(0, to - RANGE + 1);
    const logs = await readLogs(ledger, { addresses: Object.values(contracts), from, to });
    const named = readEvents(logs).filter((event) => Object.values(event).includes(wanted));
    found.push(...named.toReversed());
    onPart?.((head - to + 1) / (head + 1));
  }
  return found.slice(0, most);
}

function seenTransaction(value: unknown): SeenTransaction {
  const { hash, from, to, blockNumber, input } = fieldsOf(value);
  if (typeof from !== 'string' || typeof input !== 'string') throw malformed();
  const call = readCall(input);
  return {
    hash: word(hash),
    from: from.toLowerCase(),
    ...(typeof to === 'string' && { to: to.toLowerCase() }),
    block: quantityIn(blockNumber, 'transaction'),
    size: Math.max(0, input.length / 2 - 1),
    ...(call && { call }),
  };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw malformed();
  return value as Readonly<Record<string, unknown>>;
}

function word(value: unknown): string {
  if (typeof value !== 'string' || !HASH.test(value)) throw malformed();
  return value;
}

function malformed(): MedsealError {
  return new MedsealError('PEER_MALFORMED', { what: 'ledger answer' });
}
