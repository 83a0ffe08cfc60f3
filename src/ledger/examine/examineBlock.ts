import { createAddressFromString, createContractAddress } from '@ethereumjs/util';
import { encodeReceipt } from '@ethereumjs/vm';
import { bytesToHex, equalBytes, hexToBytes } from '../../crypto/bytes.ts';
import {
  decodeBlock,
  encodeBlock,
  encodeHeader,
  type Header,
  type StoredBlock,
} from '../chain/Header.ts';
import { readTransaction, type SignedTransaction } from '../chain/readTransaction.ts';
import { logsBloom } from '../rpc/logsBloom.ts';
import { bigEndian, ledgerRowKeys } from '../store/keys.ts';
import { logKeys } from '../store/LedgerStore.ts';
import { encodeReceipts, type StoredReceipt } from '../store/StoredReceipt.ts';
import { orderedRoot } from '../trie/orderedRoot.ts';
import type { LedgerParts } from './LedgerParts.ts';

/** A block that holds. */
export interface ExaminedBlock {
  readonly hash: Uint8Array;
  readonly header: Header;
  /** Empty if they do not hold. */
  readonly receipts: readonly StoredReceipt[];
}

/**
 * Examines one block with its receipts and its places in the indexes.
 *
 * @param parts - The ledger.
 * @param number - The block's number.
 * @param parent - The block before, if it holds.
 * @returns The block, or undefined if it is lost or was altered.
 */
export async function examineBlock(
  parts: LedgerParts,
  number: number,
  parent: ExaminedBlock | undefined,
): Promise<ExaminedBlock | undefined> {
  const { store, primitives, fault } = parts;
  const bytes = store.block(number);
  if (bytes === undefined) {
    fault('ledger-block', `block ${number} is lost`);
    return undefined;
  }
  const block = decoded(bytes);
  const header = block && encodeHeader(block.header);
  const whole =
    block !== undefined &&
    header !== undefined &&
    equalBytes(encodeBlock(header, block.transactions), bytes) &&
    block.header.number === number &&
    equalBytes(orderedRoot(block.transactions, primitives), block.header.transactionsRoot);
  if (!whole) {
    fault('ledger-block', `block ${number} was altered`);
    return undefined;
  }
  const hash = primitives.keccak256(header);
  const follows =
    parent === undefined ||
    (equalBytes(block.header.parentHash, parent.hash) &&
      block.header.timestamp >= parent.header.timestamp);
  if (!follows) fault('ledger-block', `block ${number} does not follow from block ${number - 1}`);
  if (store.numberOf(hash) !== number) {
    if (await hasAnotherHash(parts, number)) {
      fault('ledger-block', `block ${number} was altered: it had another hash`);
      return undefined;
    }
    fault('ledger-index', `the hash of block ${number} does not lead to it`);
  }
  const receipts = examineReceipts(parts, block);
  if (receipts === undefined)
    fault('ledger-receipts', `the receipts of block ${number} are lost or were altered`);
  else await examineIndexes(parts, number, receipts);
  return { hash, header: block.header, receipts: receipts ?? [] };
}

/** Tells whether a hash that is not the block's own leads to its number: that of its header before it was altered. */
async function hasAnotherHash({ database }: LedgerParts, number: number): Promise<boolean> {
  const range = { gte: ledgerRowKeys.blockHash(NOTHING), lt: ledgerRowKeys.blockHash(AFTER) };
  const position = bigEndian(number, 8);
  for await (const value of database.values<Uint8Array, Uint8Array>({ ...range, ...BINARY })) {
    if (equalBytes(value, position)) return true;
  }
  return false;
}

const NOTHING = new Uint8Array();
const AFTER = new Uint8Array(33).fill(0xff);
const BINARY = { keyEncoding: 'view', valueEncoding: 'view' } as const;

function decoded(bytes: Uint8Array): StoredBlock | undefined {
  try {
    return decodeBlock(bytes);
  } catch {
    return undefined;
  }
}

/** The receipts of a block; undefined if any of them is not what block and transactions say. */
function examineReceipts(
  { store, primitives, common }: LedgerParts,
  { header, transactions }: StoredBlock,
): readonly StoredReceipt[] | undefined {
  try {
    const receipts = store.receipts(header.number);
    const row = store.receiptsRow(header.number);
    if (receipts === undefined || row === undefined) return undefined;
    const signed = transactions.map((raw) => readTransaction(raw, common));
    let before = 0;
    const expected = receipts.map((receipt, place) => {
      const same = ofTransaction(receipt, signed[place], before);
      before = receipt.cumulativeGasUsed;
      return same;
    });
    const root = orderedRoot(
      receipts.map((receipt) => canonical(receipt, primitives)),
      primitives,
    );
    const bloom = logsBloom(
      receipts.flatMap(({ logs }) => logs),
      primitives,
    );
    const whole =
      receipts.length === transactions.length &&
      before === header.gasUsed &&
      equalBytes(encodeReceipts(expected), row) &&
      equalBytes(root, header.receiptsRoot) &&
      equalBytes(bloom, header.logsBloom);
    return whole ? receipts : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the fields of a receipt that follow from its transaction and that the root of receipts does not cover. */
function ofTransaction(
  receipt: StoredReceipt,
  signed: SignedTransaction | undefined,
  before: number,
): StoredReceipt {
  if (signed === undefined) throw new RangeError('a receipt of no transaction');
  const { tx, from, hash } = signed;
  return {
    ...receipt,
    hash,
    type: tx.type,
    from: hexToBytes(from),
    to: tx.to?.bytes,
    contract: createdBy(signed, receipt),
    gasUsed: receipt.cumulativeGasUsed - before,
    // The ledger takes no fees.
    effectiveGasPrice: 0n,
  };
}

/** The contract that a transaction creates; of one that failed the receipt may name none. */
function createdBy(
  { tx, from }: SignedTransaction,
  { status, contract }: StoredReceipt,
): Uint8Array | undefined {
  if (tx.to !== undefined || (status === 0 && contract === undefined)) return undefined;
  return createContractAddress(createAddressFromString(from), tx.nonce).bytes;
}

/** A receipt as the root of receipts covers it (EIP-2718). */
function canonical(receipt: StoredReceipt, primitives: LedgerParts['primitives']): Uint8Array {
  return encodeReceipt(
    {
      status: receipt.status,
      cumulativeBlockGasUsed: BigInt(receipt.cumulativeGasUsed),
      bitvector: logsBloom(receipt.logs, primitives),
      logs: receipt.logs.map(([address, topics, data]) => [address, [...topics], data]),
    },
    receipt.type as 0 | 1 | 2,
  );
}

async function examineIndexes(
  { store, database, fault }: LedgerParts,
  number: number,
  receipts: readonly StoredReceipt[],
): Promise<void> {
  for (const [index, { hash }] of receipts.entries()) {
    const place = store.locate(hash);
    if (place?.number === number && place.index === index) continue;
    fault('ledger-index', `transaction ${bytesToHex(hash)} is not found in block ${number}`);
  }
  const terms = [...logKeys({ number, receipts })];
  const found = await database.getMany<Uint8Array, Uint8Array>(terms, BINARY);
  if (found.some((value) => value?.length !== 0)) {
    fault('ledger-index', `the logs of block ${number} are not found`);
  }
}
