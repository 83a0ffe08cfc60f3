import { RLP } from '@ethereumjs/rlp';
import { bytesToHex } from '../../crypto/bytes.ts';
import type { Hex } from '../../protocol/ids.ts';
import { rlpBytes, rlpList, rlpNumber } from '../trie/rlp.ts';
import { fromBigEndian } from '../store/keys.ts';

/**
 * A block's header: what this ledger decides. A header's other fields (uncles, proof of work, withdrawals, blobs,
 * execution requests) are written with the values that say "none", so that any Ethereum tool finds the hash right.
 */
export interface Header {
  readonly number: number;
  readonly parentHash: Uint8Array;
  readonly stateRoot: Uint8Array;
  readonly transactionsRoot: Uint8Array;
  readonly receiptsRoot: Uint8Array;
  /** 256 bytes. */
  readonly logsBloom: Uint8Array;
  readonly gasLimit: number;
  readonly gasUsed: number;
  /** Seconds since 1970; not less than the parent's, and equal if blocks follow within a second. */
  readonly timestamp: number;
  /** The options of the genesis in block 0; empty in other blocks. */
  readonly extraData: Uint8Array;
}

const ZERO32 = new Uint8Array(32);
const NO_UNCLES = fromHex('1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347');
const EMPTY_TRIE = fromHex('56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421');
/** SHA-256 of nothing (EIP-7685). */
const NO_REQUESTS = fromHex('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');

/** A header's fields in their order, and how JSON-RPC shows each. */
export const HEADER_FIELDS = [
  ['parentHash', 'data'],
  ['sha3Uncles', 'data'],
  ['miner', 'data'],
  ['stateRoot', 'data'],
  ['transactionsRoot', 'data'],
  ['receiptsRoot', 'data'],
  ['logsBloom', 'data'],
  ['difficulty', 'quantity'],
  ['number', 'quantity'],
  ['gasLimit', 'quantity'],
  ['gasUsed', 'quantity'],
  ['timestamp', 'quantity'],
  ['extraData', 'data'],
  ['mixHash', 'data'],
  ['nonce', 'data'],
  ['baseFeePerGas', 'quantity'],
  ['withdrawalsRoot', 'data'],
  ['blobGasUsed', 'quantity'],
  ['excessBlobGas', 'quantity'],
  ['parentBeaconBlockRoot', 'data'],
  ['requestsHash', 'data'],
] as const;

/**
 * A header in RLP; its Keccak-256 is the block's hash.
 * @param header - As it was decided.
 */
export function encodeHeader(header: Header): Uint8Array {
  return rlpList([
    rlpBytes(header.parentHash),
    rlpBytes(NO_UNCLES),
    rlpBytes(new Uint8Array(20)),
    rlpBytes(header.stateRoot),
    rlpBytes(header.transactionsRoot),
    rlpBytes(header.receiptsRoot),
    rlpBytes(header.logsBloom),
    rlpNumber(0),
    rlpNumber(header.number),
    rlpNumber(header.gasLimit),
    rlpNumber(header.gasUsed),
    rlpNumber(header.timestamp),
    rlpBytes(header.extraData),
    rlpBytes(ZERO32),
    rlpBytes(new Uint8Array(8)),
    rlpNumber(0),
    rlpBytes(EMPTY_TRIE),
    rlpNumber(0),
    rlpNumber(0),
    rlpBytes(ZERO32),
    rlpBytes(NO_REQUESTS),
  ]);
}

/**
 * The header's part of a block in RLP, without reading the rest; its Keccak-256 is the block's hash.
 * @param block - As `encodeBlock` wrote it.
 */
export function headerPart(block: Uint8Array): Uint8Array {
  const start = headLength(block, 0);
  const head = headLength(block, start);
  return block.subarray(start, start + head + payloadLength(block, start));
}

/** Number of bytes before the payload of the RLP list at a place. */
function headLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  return first <= 0xf7 ? 1 : first - 0xf6;
}

function payloadLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first <= 0xf7) return first - 0xc0;
  return fromBigEndian(bytes.subarray(at + 1, at + headLength(bytes, at)));
}

/** Reads what `encodeHeader` wrote. */
export function decodeHeader(bytes: Uint8Array): Header {
  return toHeader(RLP.decode(bytes) as Uint8Array[]);
}

function toHeader(items: readonly Uint8Array[]): Header {
  const data = (name: FieldName) => items[PLACES.get(name) ?? -1] ?? ZERO32;
  return {
    number: fromBigEndian(data('number')),
    parentHash: data('parentHash'),
    stateRoot: data('stateRoot'),
    transactionsRoot: data('transactionsRoot'),
    receiptsRoot: data('receiptsRoot'),
    logsBloom: data('logsBloom'),
    gasLimit: fromBigEndian(data('gasLimit')),
    gasUsed: fromBigEndian(data('gasUsed')),
    timestamp: fromBigEndian(data('timestamp')),
    extraData: data('extraData'),
  };
}

type FieldName = (typeof HEADER_FIELDS)[number][0];

const PLACES: ReadonlyMap<FieldName, number> = new Map(
  HEADER_FIELDS.map(([name], place) => [name, place] as const),
);

/** A block as it is stored: header and transactions, nothing decoded that need not be. */
export interface StoredBlock {
  readonly header: Header;
  /** The header's fields as JSON-RPC shows them. */
  readonly fields: Readonly<Record<string, Hex>>;
  /** Each as it was sent: RLP, or a typed transaction's envelope. */
  readonly transactions: readonly Uint8Array[];
  /** Length in bytes. */
  readonly size: number;
}

/**
 * A block in RLP, as Ethereum's peers exchange it: header, transactions, uncles, withdrawals.
 * @param header - Encoded.
 * @param transactions - Each as it was sent.
 */
export function encodeBlock(header: Uint8Array, transactions: readonly Uint8Array[]): Uint8Array {
  const items = transactions.map((raw) => (isLegacy(raw) ? raw : rlpBytes(raw)));
  return rlpList([header, rlpList(items), rlpList([]), rlpList([])]);
}

/** Reads what `encodeBlock` wrote. */
export function decodeBlock(bytes: Uint8Array): StoredBlock {
  const [header, transactions] = RLP.decode(bytes) as unknown as [
    Uint8Array[],
    (Uint8Array | Uint8Array[])[],
  ];
  return {
    header: toHeader(header),
    fields: Object.fromEntries(
      HEADER_FIELDS.map(([name, kind], place) => {
        const hex = bytesToHex(header[place] ?? ZERO32);
        return [name, kind === 'data' ? hex : quantity(hex)];
      }),
    ),
    transactions: transactions.map((item) =>
      item instanceof Uint8Array ? item : RLP.encode(item),
    ),
    size: bytes.length,
  };
}

/** A legacy transaction is an RLP list; a typed one starts with its type, below 0x80 (EIP-2718). */
function isLegacy(raw: Uint8Array): boolean {
  return (raw[0] ?? 0) >= 0xc0;
}

function quantity(hex: Hex): Hex {
  const digits = hex.slice(2).replace(/^0+/, '');
  return `0x${digits || '0'}`;
}

function fromHex(digits: string): Uint8Array {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
