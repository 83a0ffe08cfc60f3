import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { MerkleFrontier } from '../../crypto/merkle/MerkleFrontier.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { CopiedEntry, EvidenceLog } from '../../log/EvidenceLog.ts';
import { acknowledgementCheck } from '../../protocol/evidence/acknowledgementCheck.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import type { Bytes32, LogName } from '../../protocol/ids.ts';
import { verifyCheckpoint } from '../../protocol/evidence/verifyCheckpoint.ts';
import type { ContributorPort } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { checkedCopy } from './checkedCopy.ts';
import type { NamedPeer } from './NamedPeer.ts';
import { entriesWithBodies } from './readEntries.ts';

/** Result of a repair in one log. */
export interface LogRepair {
  readonly log: LogName;
  /** Number of examined entries. */
  readonly examined: number;
  /** Damaged entries that were written again, as a peer holds them. */
  readonly restored: readonly number[];
  /** Damaged entries that no peer could give as they were. */
  readonly lost: readonly number[];
  /** Hashes of the tree that were written again. */
  readonly hashes: number;
}

/** Successive entries, from one checkpoint to the next. */
interface Segment {
  readonly from: number;
  readonly to: number;
  /** Root of the log with them, signed by k coordinators; absent behind the last checkpoint. */
  readonly root?: Bytes32;
}

/** Leaves of a tree; a lost entry is undefined. */
type Entries = readonly { readonly entry?: Bytes32 }[];

/** Options of `repairLog`. */
export interface LogRepairOptions {
  /** Peers to ask, in this order. */
  readonly peers: readonly NamedPeer<Pick<ContributorPort, 'read'>>[];
  /** Ends the repair early. */
  readonly signal: AbortSignal;
}

/**
 * Examines a log from checkpoint to checkpoint, and repairs damage with what peers hold. Data of a peer is taken only
 * if it gives the root that k coordinators signed; so nothing after the last checkpoint can be repaired.
 *
 * @param context - The organisation's context.
 * @param log - The organisation's own log, or its copy of another's.
 * @param options - Peers.
 * @throws MedsealError `FOLDER_UNWRITABLE`; `CLOSED` if it was ended.
 */
export async function repairLog(
  context: ServiceContext,
  log: EvidenceLog,
  { peers, signal }: LogRepairOptions,
): Promise<LogRepair> {
  const { primitives } = context;
  const check = acknowledgementCheck(context, context.network);
  const restored: number[] = [];
  const lost: number[] = [];
  let examined = 0;
  /** The right edge of the tree so far; undefined once the right entries are not known. */
  let edge: MerkleFrontier | undefined = MerkleFrontier.empty(primitives);
  for await (const segment of segmentsOf(context, log)) {
    if (signal.aborted) throw new MedsealError('CLOSED', { what: 'contributor' });
    examined = segment.to;
    edge = await repaired(segment, edge);
  }
  const hashes = edge === undefined ? 0 : await log.mendTree();
  return { log: log.identity.name, examined, restored, lost, hashes };

  async function repaired(
    segment: Segment,
    before: MerkleFrontier | undefined,
  ): Promise<MerkleFrontier | undefined> {
    const found = await log.examine(segment);
    const after = before && grown(before, segment, found);
    const unsound = found.filter(({ sound }) => !sound).map(({ index }) => index);
    if (unsound.length === 0 && (after !== undefined || before === undefined)) return after;
    const copies = before && (await copiesOf(before, segment, unsound));
    for (const { index, entry, sound } of found) {
      const copy = copies?.get(index);
      const right = before === undefined || after !== undefined || entry === copy?.entry;
      if (sound && right) continue;
      const known =
        copy && (await context.turns.run(() => checkedCopy(context, check, bare(copy))));
      if (known !== undefined) await log.restore(index, known.entry);
      (known === undefined ? lost : restored).push(index);
    }
    return before && grown(before, segment, await log.examine(segment));
  }

  /** The right edge with a segment; undefined if an entry is lost, or they are not the right ones. */
  function grown(
    before: MerkleFrontier,
    { from, to, root }: Segment,
    entries: Entries,
  ): MerkleFrontier | undefined {
    const frontier = before.copy();
    for (const { entry } of entries) {
      if (entry === undefined) return undefined;
      frontier.append(leafHash(primitives, hexToBytes(entry)));
    }
    if (entries.length !== to - from) return undefined;
    return root === undefined || bytesToHex(frontier.root()) === root ? frontier : undefined;
  }

  /**
   * A segment as peers hold it, the bodies of damaged entries from any peer that still has them; undefined if no peer
   * does.
   */
  async function copiesOf(
    before: MerkleFrontier,
    segment: Segment,
    damaged: readonly number[],
  ): Promise<ReadonlyMap<number, CopiedEntry> | undefined> {
    if (segment.root === undefined) return undefined;
    const copies = new Map<number, CopiedEntry>();
    for (const { port, blame } of peers) {
      const entries = await entriesWithBodies(port, log.identity.name, segment).catch(
        (error: unknown) => {
          blame(error);
        },
      );
      if (entries === undefined) continue;
      if (!succeeds(() => grown(before, segment, entries) !== undefined)) {
        blame(new MedsealError('EVIDENCE_INVALID', { reason: 'the entries give another root' }));
        continue;
      }
      for (const [place, copy] of entries.entries()) {
        const index = segment.from + place;
        if (copies.get(index)?.body === undefined) copies.set(index, copy);
      }
      if (damaged.every((index) => copies.get(index)?.body !== undefined)) break;
    }
    return copies.size > 0 ? copies : undefined;
  }
}

/** Without whom it concerned: one peer's word is not taken for that. */
function bare(copy: CopiedEntry): CopiedEntry {
  if (copy.body !== undefined) return copy;
  const { tombstone: _, ...rest } = copy;
  return rest;
}

/** Segments into which the checkpoints cut the log; a damaged checkpoint cuts nothing. */
async function* segmentsOf(context: ServiceContext, log: EvidenceLog): AsyncIterable<Segment> {
  const { size } = log;
  let from = 0;
  for await (const { checkpoint } of log.checkpoints()) {
    const { size: to, root } = checkpoint;
    const proves = succeeds(() => {
      verifyCheckpoint(context, context.network, checkpoint);
      return checkpoint.log === log.identity.name && to > from && to <= size;
    });
    if (!proves) continue;
    yield { from, to, root };
    from = to;
  }
  if (from < size) yield { from, to: size };
}
