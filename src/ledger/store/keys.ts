/**
 * Keys of the rows in the database: one letter, then a fixed-length key. Numbers are big-endian, so that keys sort as
 * numbers do.
 */
export const ledgerRowKeys = {
  /** The format and the genesis that the database belongs to. */
  identity: (): Uint8Array => prefixed('m', new Uint8Array()),
  /** The number of the last whole block. */
  head: (): Uint8Array => prefixed('z', new Uint8Array()),
  /** A trie node by its hash. */
  node: (hash: Uint8Array): Uint8Array => prefixed('n', hash),
  /** A contract's code by its hash. */
  code: (hash: Uint8Array): Uint8Array => prefixed('c', hash),
  /** A block (RLP, as peers would exchange it) by its number. */
  block: (number: number): Uint8Array => prefixed('b', bigEndian(number, 8)),
  /** A block's receipts by its number. */
  receipts: (number: number): Uint8Array => prefixed('r', bigEndian(number, 8)),
  /** A block's number by its hash. */
  blockHash: (hash: Uint8Array): Uint8Array => prefixed('h', hash),
  /** A transaction's block and index by its hash. */
  transaction: (hash: Uint8Array): Uint8Array => prefixed('t', hash),
  /** That a block has a log with a term (see `logTerm`). */
  log: (term: Uint8Array, number: number): Uint8Array =>
    prefixed('l', join(term, bigEndian(number, 8))),
} as const;

/** Number of bytes of an address or a topic that the index keeps; what it finds is compared in full afterwards. */
const TERM_BYTES = 8;

/**
 * The index's term for an address or a topic of a log.
 * @param position - 0 for the address, 1 to 4 for the topics.
 * @param value - 20 or 32 bytes.
 * @returns 9 bytes.
 */
export function logTerm(position: number, value: Uint8Array): Uint8Array {
  // Addresses and hashed topics are evenly spread at their ends; small numbers differ there.
  return join(Uint8Array.of(position), value.subarray(value.length - TERM_BYTES));
}

/** A whole number as so many bytes. */
export function bigEndian(value: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = length - 1, rest = value; i >= 0; i--, rest = Math.floor(rest / 256)) {
    bytes[i] = rest % 256;
  }
  return bytes;
}

/** The number that big-endian bytes stand for, up to 2^53. */
export function fromBigEndian(bytes: Uint8Array): number {
  let value = 0;
  for (const byte of bytes) value = value * 256 + byte;
  return value;
}

function prefixed(letter: string, key: Uint8Array): Uint8Array {
  const whole = new Uint8Array(1 + key.length);
  whole[0] = letter.charCodeAt(0);
  whole.set(key, 1);
  return whole;
}

function join(left: Uint8Array, right: Uint8Array): Uint8Array {
  const whole = new Uint8Array(left.length + right.length);
  whole.set(left);
  whole.set(right, left.length);
  return whole;
}
