import type { Primitives } from '../../crypto/Primitives.ts';
import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { rootOf } from '../../crypto/merkle/rootOf.ts';
import { canonicalHash } from '../wire/canonicalHash.ts';
import { ZERO32, type Bytes32 } from '../ids.ts';
import type { LogBatch } from './LogBatch.ts';

/** Limits at which a batch ends. */
export interface BatchLimits {
  /** Largest number of entries of a batch. */
  readonly maxEntries: number;
  /** Largest size in bytes of a batch's bodies, unless one body alone has more. */
  readonly maxBytes: number;
  /** Seconds after its first entry at which a batch takes no further one. */
  readonly maxSeconds: number;
}

/** The limits of a block in P1: 15 transactions, 30 KB, 6 minutes. */
export const PAPER_LIMITS: BatchLimits = { maxEntries: 15, maxBytes: 30 * 1024, maxSeconds: 360 };

/** An entry of a batch. */
export interface BatchEntry {
  /** Place, from 0. */
  readonly index: number;
  /** SHA-256 of the body. */
  readonly entry: Bytes32;
  /** The moment that it names, Unix seconds. */
  readonly at: number;
  /** Bytes of its body. */
  readonly bodySize: number;
}

/**
 * Cuts a log, or any list of entries, into P1's numbered batches. It is a view: a batch follows from the entries alone,
 * everybody computes the same, and no entry waits for a batch.
 *
 * @param entries - Entries, from the first on.
 * @param primitives - SHA-256.
 * @param options.limits - Limits at which a batch ends.
 * @param options.after - The complete batch that stands before the first of the entries; absent from the log's first.
 */
export async function* batchView(
  entries: AsyncIterable<BatchEntry> | Iterable<BatchEntry>,
  primitives: Pick<Primitives, 'sha256'>,
  options: { readonly limits?: BatchLimits; readonly after?: LogBatch } = {},
): AsyncIterable<LogBatch> {
  const { limits = PAPER_LIMITS, after } = options;
  let open: BatchEntry[] = [];
  let number = after === undefined ? 0 : after.header.number + 1;
  let previousHash = after?.header.hash ?? ZERO32;
  const close = (complete: boolean): LogBatch => {
    const batch = makeBatch(primitives, open, number, previousHash, complete);
    previousHash = batch.header.hash;
    number += 1;
    open = [];
    return batch;
  };
  for await (const entry of entries) {
    if (!fits(open, entry, limits)) yield close(true);
    open.push(entry);
    if (open.length === limits.maxEntries) yield close(true);
  }
  if (open.length > 0) yield close(false);
}

function fits(open: readonly BatchEntry[], entry: BatchEntry, limits: BatchLimits): boolean {
  const [first] = open;
  if (first === undefined) return true;
  return (
    bytesOf(open) + entry.bodySize <= limits.maxBytes && entry.at < first.at + limits.maxSeconds
  );
}

function makeBatch(
  primitives: Pick<Primitives, 'sha256'>,
  entries: readonly BatchEntry[],
  number: number,
  previousHash: Bytes32,
  complete: boolean,
): LogBatch {
  const leaves = entries.map(({ entry }) => leafHash(primitives, hexToBytes(entry)));
  const content = {
    number,
    timestamp: Math.max(...entries.map(({ at }) => at)),
    previousHash,
    merkleRoot: bytesToHex(rootOf(primitives, leaves)),
  };
  const hash = canonicalHash(primitives, content);
  const from = entries[0]?.index ?? 0;
  return {
    header: { ...content, hash },
    from,
    to: from + entries.length,
    bytes: bytesOf(entries),
    complete,
  };
}

function bytesOf(entries: readonly BatchEntry[]): number {
  return entries.reduce((sum, { bodySize }) => sum + bodySize, 0);
}
