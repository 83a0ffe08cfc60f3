import { bytesToHex, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { memoryTree } from '../../crypto/merkle/memoryTree.ts';
import type { MerkleFrontier } from '../../crypto/merkle/MerkleFrontier.ts';
import { openCheckpoint } from '../../crypto/note/openCheckpoint.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { CopiedEntry, EvidenceLog } from '../../log/EvidenceLog.ts';
import type { SignedVerdict } from '../../protocol/evidence.ts';
import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import { logKeysOf } from '../../protocol/officesOf.ts';
import type { CoordinatorPort, PresentedLog } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { appendCopies, type CopyOptions } from './copyLog.ts';

/** Number of bodies in one question. */
const BODIES = 256;
/** Milliseconds in which a coordinator must prove the entries that it claims: a slow one holds up nobody for longer. */
const MOST_TIME = 60_000;

/** A coordinator to which entries of a log were presented, and that judged their bodies. */
export type PresentedTo = Pick<CoordinatorPort, 'shown' | 'judged'>;

/** Options of `takePresented`. */
export interface TakePresentedOptions extends Pick<CopyOptions, 'want'> {
  /** The log that lost them. */
  readonly log: EvidenceLog;
  /** Coordinators of other organisations; not trusted. */
  readonly coordinators: ReadonlyMap<Organisation, PresentedTo>;
}

/** Result of `takePresented`. */
export interface TakenBack {
  /** Organisations that gave, with proof, all that they know of the log. */
  readonly answered: ReadonlySet<Organisation>;
  /** Places of entries that the log signed, and whose bodies no peer gives. */
  readonly bodiless: readonly number[];
}

/** Entries that follow on a log, as the log itself signed them, each with its verdicts. */
interface Proven {
  readonly entries: readonly Bytes32[];
  readonly verdicts: readonly (readonly SignedVerdict[])[];
}

/**
 * Takes back entries that a log lost, from coordinators to which they were presented before they were acknowledged, and
 * that judged their bodies. Each coordinator is heard alone, and only entries that the log's own key signed are
 * appended.
 *
 * @param context - The organisation's context.
 * @param options - The log, and the coordinators to ask.
 */
export async function takePresented(
  context: ServiceContext,
  options: TakePresentedOptions,
): Promise<TakenBack> {
  const { log, coordinators } = options;
  const answered = new Set<Organisation>();
  const bodiless = new Set<number>();
  let before: number;
  do {
    before = log.size;
    for (const [name, coordinator] of coordinators) {
      const isHeard = await takeFrom(context, options, coordinator, bodiless).catch(() => false);
      if (isHeard) answered.add(name);
      else answered.delete(name);
    }
  } while (log.size > before);
  const missing = [...bodiless].filter((index) => index >= log.size);
  return { answered, bodiless: missing.toSorted((left, right) => left - right) };
}

/** Tells whether one of them said all that it knows, and proved it. */
async function takeFrom(
  context: ServiceContext,
  options: TakePresentedOptions,
  coordinator: PresentedTo,
  bodiless: Set<number>,
): Promise<boolean> {
  const { log, want } = options;
  for (;;) {
    const found = await provenNext(context, log, coordinator);
    if (found === undefined) return true;
    const bodies = await bodiesOf(context.primitives, options, coordinator, found.entries);
    const whole = found.entries.flatMap((entry, place): CopiedEntry[] => {
      const body = bodies.get(entry);
      const index = log.size + place;
      if (body === undefined) {
        bodiless.add(index);
        return [];
      }
      return [
        { log: log.identity.name, index, entry, body, verdicts: found.verdicts[place] ?? [] },
      ];
    });
    if (whole.length < found.entries.length) return true;
    await appendCopies(context, { log, want }, whole);
  }
}

/**
 * The entries that follow on a log according to a coordinator, up to the size that the log signed.
 * @returns Undefined if it knows of no entries.
 * @throws MedsealError `EVIDENCE_INVALID` if it does not prove them.
 */
async function provenNext(
  { network, primitives, clock }: ServiceContext,
  log: EvidenceLog,
  coordinator: PresentedTo,
): Promise<Proven | undefined> {
  const { name } = log.identity;
  // Entries can have been presented before the log's key changed; each has its verdicts in any case.
  const identity = { ...log.identity, keys: logKeysOf(network, name) };
  const until = clock.now() + MOST_TIME;
  const edge = log.edge();
  const start = edge.size;
  const entries: Bytes32[] = [];
  const verdicts: (readonly SignedVerdict[])[] = [];
  for (;;) {
    const at = edge.size;
    const shown = await coordinator.shown({ log: name, from: at });
    if (shown === undefined && at === start) return undefined;
    const next = shown?.entries.slice(at - shown.from) ?? [];
    if (shown === undefined || shown.from > at || next.length === 0) throw unproven();
    if (clock.now() > until) throw unproven();
    for (const entry of next) edge.append(leafHash(primitives, hexToBytes(entry)));
    entries.push(...next);
    verdicts.push(...verdictsOf(primitives, shown).slice(at - shown.from));
    const said = openCheckpoint(primitives, identity, shown.note);
    if (said === undefined || said.size < edge.size) throw unproven();
    if (said.size > edge.size) continue;
    if (!isRoot(edge, said.root)) throw unproven();
    return { entries, verdicts };
  }
}

function isRoot(edge: MerkleFrontier, root: Uint8Array): boolean {
  return bytesToHex(edge.root()) === bytesToHex(root);
}

/** The bodies of entries: first from the coordinator that told of them, then from those that judged them. */
async function bodiesOf(
  primitives: Primitives,
  { log, coordinators }: TakePresentedOptions,
  first: PresentedTo,
  entries: readonly Bytes32[],
): Promise<ReadonlyMap<Bytes32, string>> {
  const found = new Map<Bytes32, string>();
  for (const coordinator of new Set([first, ...coordinators.values()])) {
    const missing = entries.filter((entry) => !found.has(entry));
    for (let from = 0; from < missing.length; from += BODIES) {
      const asked = missing.slice(from, from + BODIES);
      const request = { log: log.identity.name, entries: asked };
      const bodies = await coordinator.judged(request).catch(() => []);
      for (const [place, entry] of asked.entries()) {
        const body = bodies[place];
        if (typeof body !== 'string') continue;
        if (bytesToHex(primitives.sha256(utf8ToBytes(body))) === entry) found.set(entry, body);
      }
    }
  }
  return found;
}

/** The verdicts of each entry, with its place among the entries that they cover. */
function verdictsOf(
  primitives: Primitives,
  { entries, verdicts }: PresentedLog,
): readonly (readonly SignedVerdict[])[] {
  const leaves = entries.map((entry) => leafHash(primitives, hexToBytes(entry)));
  const found = entries.map((): SignedVerdict[] => []);
  for (const { from, part, ...statement } of verdicts) {
    if (part !== undefined) {
      found[from]?.push({ ...statement, ...part });
      continue;
    }
    const tree = memoryTree(primitives, leaves.slice(from, from + statement.verdict.size));
    for (let index = 0; index < tree.size; index++) {
      const proof = tree.inclusion(index).map(bytesToHex);
      found[from + index]?.push({ ...statement, index, proof });
    }
  }
  return found;
}

function unproven(): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason: 'the log did not sign these entries' });
}
