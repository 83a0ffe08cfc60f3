import type { Primitives } from '../../crypto/Primitives.ts';
import { batchView, type BatchEntry } from '../../protocol/evidence/batchView.ts';
import type { ListSubject } from '../../protocol/evidence/evidence.ts';
import { ZERO32, type Bytes32 } from '../../protocol/ids.ts';
import type { BatchHeader, LogBatch } from '../../protocol/evidence/LogBatch.ts';
import type { Audit, AuditEvent } from '../audit/Audit.ts';

/** A block of a chain, a patient's or a party's own: entries that follow on each other in time, under a header. */
export interface ChainBlock {
  /** With the fields of P1's block header; the first block's number is 1, for the genesis stands before it. */
  readonly header: BatchHeader;
  readonly events: readonly AuditEvent[];
  /** Size of its bodies in bytes. */
  readonly bytes: number;
  /** True if no further entry can join it. */
  readonly complete: boolean;
  /** Faults, a sentence with the place for each; empty if the block is safe. */
  readonly faults: readonly string[];
}

/**
 * Puts all entries that concern a patient, or that a party signed itself, into the blocks of one chain (P3), in the order
 * of time, within P1's limits of a block: 15 entries, 30 KB, 6 minutes. The genesis is the patient's handle or the
 * party's address: the first block names it as the hash before it. The hash of the last block commits to all entries in
 * their order.
 *
 * @param primitives - SHA-256.
 * @param audit - Audit with the findings about the entries.
 * @example
 * ```ts
 * const audit = await readAudit(patient);
 * const blocks = await chainBlocks(patient.primitives, audit);
 * console.log(`${blocks.length} blocks, the last has the hash ${blocks.at(-1)?.header.hash}`);
 * ```
 */
export async function chainBlocks(
  primitives: Pick<Primitives, 'sha256'>,
  { logs, ...subject }: Pick<Audit, 'handle' | 'party' | 'logs'>,
): Promise<readonly ChainBlock[]> {
  const moments = logs.flatMap(({ events }) => momentsOf(events));
  const ordered = moments.toSorted(
    (one, other) =>
      one.at - other.at ||
      one.event.log.localeCompare(other.event.log) ||
      one.event.index - other.event.index,
  );
  const entries = ordered.map(({ event, at }, index): BatchEntry => {
    const entry = /^0x[0-9a-f]{64}$/.test(event.entry) ? event.entry : ZERO32;
    return { index, entry, at, bodySize: event.size ?? 0 };
  });
  const blocks: ChainBlock[] = [];
  for await (const batch of batchView(entries, primitives, {
    after: genesisOf(chainGenesis(subject)),
  })) {
    const { header, from, to, bytes, complete } = batch;
    const events = ordered.slice(from, to).map(({ event }) => event);
    const faults = events.flatMap(({ log, index, fault }) =>
      fault === undefined ? [] : [`${log} #${index}: ${fault}`],
    );
    blocks.push({ header, events, bytes, complete, faults });
  }
  return blocks;
}

/** Entries with their moments; an entry without a body gets the moment of the entry before it in its log. */
function momentsOf(events: readonly AuditEvent[]): { event: AuditEvent; at: number }[] {
  let before = 0;
  return events.map((event) => {
    before = event.body?.at ?? before;
    return { event, at: before };
  });
}

/**
 * Returns the hash that stands before the first block of a chain: the patient's handle, or the address of the party as a
 * word of 32 bytes.
 *
 * @param subject - Patient or party.
 * @example
 * ```ts
 * const audit = await readAudit(patient);
 * const [first] = await chainBlocks(patient.primitives, audit);
 * console.log(first?.header.previousHash === chainGenesis(audit));
 * ```
 */
export function chainGenesis({ handle, party }: ListSubject): Bytes32 {
  return party === undefined ? handle : `0x${party.slice(2).padStart(64, '0')}`;
}

function genesisOf(hash: Bytes32): LogBatch {
  const header = {
    number: 0,
    timestamp: 0,
    hash,
    previousHash: ZERO32,
    merkleRoot: ZERO32,
  };
  return { header, from: 0, to: 0, bytes: 0, complete: true };
}
