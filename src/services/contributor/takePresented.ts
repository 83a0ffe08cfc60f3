import { bytesToHex, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { memoryTree } from '../../crypto/merkle/memoryTree.ts';
import type { MerkleFrontier } from '../../crypto/merkle/MerkleFrontier.ts';
import { openCheckpoint } from '../../crypto/note/openCheckpoint.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { CopiedEntry, EvidenceLog } from '../../log/EvidenceLog.ts';
import { acknowledgementCheck } from '../../protocol/evidence/acknowledgementCheck.ts';
import type { SignedVerdict } from '../../protocol/evidence/evidence.ts';
import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { logKeysOf } from '../../protocol/network/officesOf.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import type { CoordinatorPort, PresentedLog } from '../ports.ts';
import { othersToHear } from '../rejoining/othersToHear.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { agreedChain } from './agreedChain.ts';
import { appendCopies, type CopyOptions } from './copyLog.ts';

/** Number of bodies in one question. */
const BODIES = 256;
/** Milliseconds in which a coordinator must prove the entries that it claims: a slow one holds up nobody for longer. */
const MOST_TIME = 60_000;

/** A coordinator to which entries of a log were presented, and that judged their bodies. */
export type PresentedTo = Pick<CoordinatorPort, 'shown' | 'judged'>;

/** Options of `takePresented`. */
export interface TakePresentedOptions extends Pick<CopyOptions, 'want' | 'entered'> {
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

/** Entries that follow on a log, as a key of the log signed them, each with the verdicts of a quorum. */
interface Proven {
  /** True if the log's present key signed them; a former one may have been stolen. */
  readonly isPresent: boolean;
  readonly entries: readonly Bytes32[];
  readonly verdicts: readonly (readonly SignedVerdict[])[];
}

/**
 * Takes back entries that a log lost, from coordinators to which they were presented before they were acknowledged, and
 * that judged their bodies. Each coordinator is heard alone for entries that the log's present key signed. Entries that
 * only a former key of the log signed are appended once enough were heard, and in no order but the one that they agree on:
 * verdicts say nothing of places, and a thief may have the key.
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
    const heard = new Map<Organisation, Proven>();
    for (const [name, coordinator] of coordinators) {
      const left = await takeFrom(context, options, coordinator, bodiless).catch(() => undefined);
      if (left !== undefined) heard.set(name, left);
      if (left?.entries.length === 0) answered.add(name);
      else answered.delete(name);
    }
    if (log.size === before) await takeAgreed(context, options, heard, bodiless);
  } while (log.size > before);
  const missing = [...bodiless].filter((index) => index >= log.size);
  return { answered, bodiless: missing.toSorted((left, right) => left - right) };
}

/** Takes what the log's present key signed from one of them; returns what it proves beyond, and was not taken. */
async function takeFrom(
  context: ServiceContext,
  options: TakePresentedOptions,
  coordinator: PresentedTo,
  bodiless: Set<number>,
): Promise<Proven> {
  for (;;) {
    const found = await provenNext(context, options.log, coordinator);
    if (!found.isPresent) return found;
    const isWhole = await append(context, options, { coordinator, found, bodiless });
    if (!isWhole) return found;
  }
}

/** Takes entries that were not taken from one alone, as far as those who were heard agree, if they are enough. */
async function takeAgreed(
  context: ServiceContext,
  options: TakePresentedOptions,
  heard: Map<Organisation, Proven>,
  bodiless: Set<number>,
): Promise<void> {
  const { channel } = logOf(context.network, options.log.identity.name);
  while (heard.size >= othersToHear(channel)) {
    const found = agreedChain([...heard.values()], channel.faulty);
    const [name] = [...heard].find(([, each]) => each === found) ?? [];
    const coordinator = name === undefined ? undefined : options.coordinators.get(name);
    if (name === undefined || found === undefined || coordinator === undefined) return;
    try {
      await append(context, options, { coordinator, found, bodiless });
      return;
    } catch {
      // The log did not present what does not fit it: who shows that counts as not heard.
      heard.delete(name);
    }
  }
}

/**
 * Appends entries if all of their bodies are found; otherwise notes the places of the others.
 * @returns True if it appended them.
 * @throws MedsealError `EVIDENCE_INVALID`.
 */
async function append(
  context: ServiceContext,
  options: TakePresentedOptions,
  {
    coordinator,
    found,
    bodiless,
  }: { coordinator: PresentedTo; found: Proven; bodiless: Set<number> },
): Promise<boolean> {
  const { log, want, entered } = options;
  const bodies = await bodiesOf(context.primitives, options, coordinator, found.entries);
  const whole = found.entries.flatMap((entry, place): CopiedEntry[] => {
    const body = bodies.get(entry);
    const index = log.size + place;
    if (body === undefined) {
      bodiless.add(index);
      return [];
    }
    return [{ log: log.identity.name, index, entry, body, verdicts: found.verdicts[place] ?? [] }];
  });
  if (whole.length < found.entries.length) return false;
  await appendCopies(context, { log, want, entered }, whole);
  return true;
}

/**
 * The entries that follow on a log according to a coordinator: up to the size that the log's present key signed, or all
 * that it knows if a former key signed them; none if it knows of none.
 * @throws MedsealError `EVIDENCE_INVALID` if it does not prove them, or too few judged one.
 */
async function provenNext(
  context: ServiceContext,
  log: EvidenceLog,
  coordinator: PresentedTo,
): Promise<Proven> {
  const { network, primitives, clock } = context;
  const { name, key } = log.identity;
  const identity = { ...log.identity, keys: logKeysOf(network, name) };
  const until = clock.now() + MOST_TIME;
  const check = acknowledgementCheck(context, network);
  const edge = log.edge();
  const entries: Bytes32[] = [];
  const verdicts: (readonly SignedVerdict[])[] = [];
  let checked = 0;
  /** True if a key of the log signed all that it showed so far. */
  let isSigned = true;
  for (;;) {
    const at = edge.size;
    const shown = await coordinator.shown({ log: name, from: at });
    if (shown === undefined && isSigned) return { isPresent: false, entries, verdicts };
    const next = shown?.entries.slice(at - shown.from) ?? [];
    if (shown === undefined || shown.from > at || next.length === 0) throw unproven();
    if (clock.now() > until) throw unproven();
    const judged = verdictsOf(primitives, shown).slice(at - shown.from);
    for (const entry of next) edge.append(leafHash(primitives, hexToBytes(entry)));
    entries.push(...next);
    verdicts.push(...judged);
    const said = openCheckpoint(primitives, identity, shown.note);
    if (said === undefined || said.size < edge.size) throw unproven();
    isSigned = said.size === edge.size;
    if (!isSigned) continue;
    if (!isRoot(edge, said.root)) throw unproven();
    for (; checked < entries.length; checked++) {
      const entry = entries[checked] ?? '0x';
      const judges = verdicts[checked] ?? [];
      await context.turns.run(() => check.verdicts({ log: name, entry, verdicts: judges }));
    }
    const present = { ...identity, keys: [key] };
    const isPresent = succeeds(() => openCheckpoint(primitives, present, shown.note) !== undefined);
    if (isPresent) return { isPresent, entries, verdicts };
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
