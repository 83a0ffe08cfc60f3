import { equalBytes, hexToBytes } from '../../crypto/bytes.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { BlockContext } from '../chain/Machine.ts';
import type { Header } from '../chain/Header.ts';
import { LedgerRejection } from '../LedgerRejection.ts';
import type { LedgerContext } from './LedgerContext.ts';
import { invalid, isRecord, readBytes32, readQuantity } from './parameters.ts';

/**
 * The number of the block that a tag, number or EIP-1898 object names. A block that is on disk is final, so
 * `safe` and `finalized` are `latest`.
 * @returns 'pending' for the block to come; undefined for one that is not there.
 * @throws LedgerRejection -32602 for what names no block.
 */
export function blockNumber(ledger: LedgerContext, tag: unknown): number | 'pending' | undefined {
  if (isRecord(tag)) {
    const { blockHash, blockNumber: number } = tag;
    if (blockHash === undefined) {
      // Such an object names a number or a tag, and no other object.
      if (number === undefined || isRecord(number)) throw invalid('block number');
      return blockNumber(ledger, number);
    }
    return numberOfHash(ledger, hexToBytes(readBytes32(blockHash, 'block hash')));
  }
  const last = ledger.chain.head.header.number;
  switch (tag) {
    case undefined:
    case null:
    case 'latest':
    case 'safe':
    case 'finalized':
      return last;
    case 'earliest':
      return 0;
    case 'pending':
      return 'pending';
  }
  if (typeof tag === 'string' && tag.length === 66) {
    return numberOfHash(ledger, hexToBytes(readBytes32(tag, 'block hash')));
  }
  const number = readQuantity(tag, 'block number');
  return number <= last ? number : undefined;
}

/** The number of the block with a hash; undefined if there is no such block. */
export function numberOfHash({ chain }: LedgerContext, hash: Uint8Array): number | undefined {
  const number = chain.store.numberOf(hash);
  // An entry beyond the head cannot be: both are in one batch. It is compared all the same.
  return number !== undefined && equalBytes(chain.hashOf(number), hash) ? number : undefined;
}

/** A state to run on, and the block that whatever runs sees. */
export interface StatePoint {
  readonly header: Header;
  readonly context: BlockContext;
}

/**
 * The state that a tag names. `pending` is the last block's state, seen at the clock's time: what waits in the pool
 * has not been run.
 * @throws LedgerRejection -32000 if there is no such block.
 */
export function findState(ledger: LedgerContext, tag: unknown): StatePoint {
  const number = blockNumber(ledger, tag);
  const { header: head } = ledger.chain.head;
  if (number === 'pending') {
    const timestamp = Math.max(head.timestamp, seconds(ledger.clock));
    return { header: head, context: { number: head.number + 1, timestamp } };
  }
  if (number === undefined) throw new LedgerRejection(-32000, 'header not found');
  const header = number === head.number ? head : ledger.chain.headerAt(number)?.header;
  if (header === undefined) throw invalid('block');
  return { header, context: header };
}
