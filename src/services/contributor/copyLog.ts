import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import type { MerkleFrontier } from '../../crypto/merkle/MerkleFrontier.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { CopiedEntry, ErasedEntry, EvidenceLog, NewEntry } from '../../log/EvidenceLog.ts';
import type { PlacedCheckpoint } from '../../protocol/evidence/evidence.ts';
import { acknowledgementCheck } from '../../protocol/evidence/acknowledgementCheck.ts';
import type { ReadBody } from '../../protocol/evidence/EvidenceReader.ts';
import type { Bytes32, Handle } from '../../protocol/ids.ts';
import { newEntryOf } from '../entries/newEntryOf.ts';
import type { ContributorPort } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { entriesWithBodies } from './readEntries.ts';
import { requirePlaced } from './requirePlaced.ts';
import { namedFiles, type NamedFile } from './WantedFile.ts';

/** Options of `copyLog`. */
export interface CopyOptions {
  readonly log: EvidenceLog;
  readonly peer: Pick<ContributorPort, 'read' | 'nextCheckpoint'>;
  /** Looks elsewhere for what is missing of entries that came without a body. */
  readonly complete: (entries: readonly CopiedEntry[]) => Promise<readonly CopiedEntry[]>;
  /** Notes the files that entries name, durably, before the entries are appended. */
  readonly want: (files: readonly NamedFile[]) => Promise<void>;
  /** Told of the patients of entries that were appended. */
  readonly entered: (handles: readonly Handle[]) => void;
  /** Runs work that changes the log, while no other work changes it by what peers say. */
  readonly alone: (change: () => Promise<void>) => Promise<void>;
  /** Number of entries held at once; 1,024 if absent. */
  readonly most?: number;
}

/** Number of entries held at once: some 6 MB. */
const MOST = 1024;

/** A size that a log comes to, and its root then. */
interface Step {
  readonly size: number;
  readonly root: Bytes32;
}

/**
 * Copies the entries that a log lacks up to a checkpoint, from one checkpoint of the peer to the next, so that what was
 * copied is not copied again, and a limited number at once, so that memory stays flat. Only entries that k coordinators
 * signed for are appended; the files that entries name are only noted. Other peers may copy to the log meanwhile.
 *
 * @param context - The organisation's context.
 * @param options - The copy, and the peer.
 * @param target - Checkpoint of the log, not trusted.
 * @throws MedsealError `EVIDENCE_INVALID` if the peer's log is not the one that was checkpointed, or not the one that
 * was copied before, or a checkpoint does not stand on the ledger if it is said to; `NOT_YET` if the ledger is not so
 * far yet; `LEDGER_UNREACHABLE`; `PEER_MALFORMED`.
 */
export async function copyLog(
  context: ServiceContext,
  options: CopyOptions,
  target: PlacedCheckpoint,
): Promise<void> {
  const { log, peer } = options;
  const { name } = log.identity;
  await requirePlaced(context, target);
  while (log.size < target.checkpoint.size) {
    const from = log.size;
    const next = await peer.nextCheckpoint({ log: name, size: from });
    const nearer = next !== undefined && next.checkpoint.size < target.checkpoint.size;
    if (nearer) {
      await requirePlaced(context, next);
      const fits = next.checkpoint.log === name && next.checkpoint.size > from;
      if (!fits) throw new MedsealError('PEER_MALFORMED', { what: 'checkpoint of a log' });
    }
    await copyTo(context, options, nearer ? next : target);
  }
  await options.alone(async () => await keep(log, target));
}

async function copyTo(
  context: ServiceContext,
  options: CopyOptions,
  placed: PlacedCheckpoint,
): Promise<void> {
  for (const step of await stepsTo(context, options, placed.checkpoint)) {
    await copyStep(context, options, step);
  }
  await options.alone(async () => await keep(options.log, placed));
}

/**
 * The steps in which a checkpoint is reached. If there are too many entries to be held until their root is known, they
 * are read once for the roots alone, which those have to make that are read again.
 */
async function stepsTo(
  { primitives }: ServiceContext,
  { log, peer, most = MOST }: CopyOptions,
  { size, root }: Step,
): Promise<readonly Step[]> {
  const edge = log.edge();
  if (size - edge.size <= most) return [{ size, root }];
  const steps: Step[] = [];
  while (edge.size < size) {
    const range = { from: edge.size, to: Math.min(size, edge.size + most) };
    for (const { entry } of await entriesWithBodies(peer, log.identity.name, range)) {
      edge.append(leafHash(primitives, hexToBytes(entry)));
    }
    steps.push({ size: edge.size, root: bytesToHex(edge.root()) });
  }
  requireRoot(edge, { size, root });
  return steps;
}

async function copyStep(
  context: ServiceContext,
  { log, peer, complete, want, entered, alone }: CopyOptions,
  { size, root }: Step,
): Promise<void> {
  while (log.size < size) {
    const edge = log.edge();
    const from = edge.size;
    const read = await entriesWithBodies(peer, log.identity.name, { from, to: size });
    for (const { entry } of read) {
      edge.append(leafHash(context.primitives, hexToBytes(entry)));
    }
    requireRoot(edge, { size, root });
    if (read.some(({ index }, place) => index !== from + place)) {
      throw invalid('an entry is misplaced');
    }
    const whole = await complete(read);
    await alone(async () => {
      // If another peer was faster, the rest is read again.
      if (log.size === from) await appendCopies(context, { log, want, entered }, whole);
    });
  }
}

function requireRoot(edge: MerkleFrontier, { size, root }: Step): void {
  if (edge.size === size && bytesToHex(edge.root()) === root) return;
  throw invalid('the entries are not those of the checkpoint');
}

/**
 * Appends entries to a log, once all that proves them holds.
 *
 * @param context - The organisation's context.
 * @param options - The log, who notes files, and who is told of patients.
 * @param copied - Entries from where the log ends, known to be those of the log.
 * @throws MedsealError `EVIDENCE_INVALID`.
 */
export async function appendCopies(
  context: ServiceContext,
  { log, want, entered }: Pick<CopyOptions, 'log' | 'want' | 'entered'>,
  copied: readonly CopiedEntry[],
): Promise<void> {
  const from = log.size;
  const files: NamedFile[] = [];
  const check = acknowledgementCheck(context, context.network);
  const texts = copied.flatMap(({ body }) => (typeof body === 'string' ? [body] : []));
  const bodies = (await context.reader.bodies(texts)).values();
  const entries: (NewEntry | ErasedEntry)[] = [];
  for (const each of copied) {
    const body = typeof each.body === 'string' ? bodies.next().value : undefined;
    entries.push(await context.turns.run(() => checkedEntry(each, body)));
  }
  await requireFirst(log, entries);
  await want(files);
  await log.copy(from, entries);
  // Not before: of an erasure and a write in two logs, whoever comes last finds the other.
  entered(entries.flatMap((each) => (each.body === undefined ? [] : [each.handle])));

  function checkedEntry(
    each: CopiedEntry,
    body: ReadBody | MedsealError | undefined,
  ): NewEntry | ErasedEntry {
    if (each.body === undefined) {
      check.verdicts(each);
      return each;
    }
    if (body === undefined || body instanceof MedsealError) {
      // The check says what is wrong with a malformed body.
      check.body(each);
      throw invalid('it is malformed');
    }
    check.body(each, body);
    files.push(...namedFiles(body.body));
    return newEntryOf(each, body);
  }
}

/** Refuses entries of requests that have one already, in the log or among them. */
async function requireFirst(
  log: EvidenceLog,
  entries: readonly (NewEntry | ErasedEntry)[],
): Promise<void> {
  const requests = entries.flatMap((each) => (each.body === undefined ? [] : [each]));
  const known = await log.answeredAt(requests);
  const digests = new Set(requests.map(({ request }) => request));
  if (digests.size < requests.length || known.some((place) => place !== undefined)) {
    throw invalid('a request has two entries');
  }
}

/** Keeps a checkpoint of the log as it is, once it is known that it is one. */
async function keep(log: EvidenceLog, placed: PlacedCheckpoint): Promise<void> {
  const { size, root } = placed.checkpoint;
  if ((await log.root(size)) !== root) throw invalid('it contradicts what the log was before');
  await log.keepCheckpoint(placed);
}

function invalid(reason: string): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason });
}
