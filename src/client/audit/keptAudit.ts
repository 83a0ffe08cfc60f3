import { seconds } from '../../protocol/Clock.ts';
import type { Acknowledgement, Body } from '../../protocol/evidence/evidence.ts';
import { ZERO32, type Bytes32 } from '../../protocol/ids.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import { ADDRESS, BYTES32 } from '../../protocol/wire/findShapeError.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import { aloneOn } from '../party/aloneOn.ts';
import type { Party } from '../party/Party.ts';
import { recallSealed, rememberSealed } from '../party/sealedMemory.ts';
import { countedIn } from '../records/confirmCount.ts';
import type { Audit, AuditedLog, AuditEvent, KeptAudit, KeptLog } from './Audit.ts';
import { isRecordView } from './examineReleases.ts';
import { isRead } from './isRead.ts';
import { newestLines } from './newestLines.ts';
import { hashOverLines } from './provenBefore.ts';
import { addToBlocks } from './provenBlocks.ts';
import { faultsOf } from './readAudit.ts';

const FORMAT = 'medseal-audited/1';
const NAME = 'audited';
/** Seconds by which the clocks of coordinators may be ahead: what was proven later than that is of no use. */
const AHEAD = 600;
/** Seconds after which a view is surely released, and that was told. */
const RELEASED = 1200;

/** The stored value. */
interface Stored {
  readonly format: typeof FORMAT;
  /** Fingerprint of the network file: after a successor, which may name other keys, all is proven again. */
  readonly network: Bytes32;
  readonly party: Party['address'];
  readonly handle: Audit['handle'];
  readonly acknowledgement: Acknowledgement;
  /** As in the audit, if the lines have all views with their releases. */
  readonly heard?: number;
  readonly doubted?: number;
  readonly logs: readonly KeptLog[];
  readonly events: readonly AuditEvent[];
}

/** Fields by which a value is recognised; whoever sealed it had the seed, so its inside is this program's. */
const STORED = {
  format: /^medseal-audited\/1$/,
  network: BYTES32,
  party: ADDRESS,
  handle: BYTES32,
  acknowledgement: 'any',
  'heard?': 'count',
  'doubted?': 'count',
  logs: ['any'],
  events: ['any'],
} as const;

/** A device with its keys, which needs no network: any `Party` is one. */
export type AuditHolder = Pick<
  Party,
  'address' | 'cipher' | 'clock' | 'device' | 'keys' | 'network' | 'primitives'
>;

/**
 * Sums up what an audit proved, from which the next one can X proven before stays.
 *
 * @param party - The patient.
 * @param audit - Findings of `examineAudit`.
 * @returns Undefined for an audit with faults, and before anything was proven.
 * @example
 * ```ts
 * const first = await examineAudit(patient, { kept: await recallAudit(patient), onlyNew: true });
 * const kept = await sumUpAudit(patient, first);
 * const next = await examineAudit(patient, { kept, onlyNew: true });
 * console.log(next.parts.flatMap(({ entries }) => entries).length, 'new entries');
 * ```
 */
export async function sumUpAudit(party: Party, audit: Audit): Promise<KeptAudit | undefined> {
  if (faultsOf(audit).length > 0) return undefined;
  const { handle, acknowledgement, base } = audit;
  const logs: KeptLog[] = [];
  const events: AuditEvent[] = [];
  let isNews = true;
  for (const log of audit.logs) {
    const proven = await provenIn(party, audit, log);
    const before = base?.logs.find((each) => each.log === log.log);
    const shown = proven ? log : base?.audit.logs.find((each) => each.log === log.log);
    const kept = proven ?? before;
    if (kept === before && before !== undefined) isNews = false;
    if (kept !== undefined) logs.push(kept);
    events.push(...(shown?.events ?? []));
  }
  if (logs.length === 0) return undefined;
  // Releases for views that are not kept were not kept either.
  const { heard } = isNews && audit.logs.every(isRead) ? audit : {};
  return keptOf({ handle, acknowledgement, ...(heard !== undefined && { heard }), logs, events });
}

/**
 * Keeps on the device what an audit proved, sealed under a key of the party's seed, so that the next one has to verify new
 * entries only: see `recallAudit`. An audit with faults is not kept; it is noted that there was one. A later audit of
 * another tab or process is not replaced.
 *
 * @param party - The patient.
 * @param audit - Findings of `examineAudit`.
 * @param summary - The audit summed up, if the caller has that already.
 * @throws MedsealError `SEED_MALFORMED` if the session has ended; of the device, such as `DEVICE_FULL`: then what it kept
 * before stays.
 * @example
 * ```ts
 * const audit = await examineAudit(patient, { kept: await recallAudit(patient) });
 * await keepAudit(patient, audit);
 * ```
 */
export async function keepAudit(party: Party, audit: Audit, summary?: KeptAudit): Promise<void> {
  const next = summary ?? (await sumUpAudit(party, audit));
  const at = momentOfAudit(audit);
  await aloneOn(party.device, async () => {
    const known = await stored(party);
    const before = known?.handle === audit.handle ? known : undefined;
    if (next === undefined) {
      const isNews = faultsOf(audit).length > 0 && before !== undefined;
      if (isNews) await rememberSealed(party, NAME, { ...before, doubted: at } satisfies Stored);
      return;
    }
    if (before !== undefined && momentOfAudit(before) > at) return;
    const { handle, acknowledgement, heard } = next.audit;
    const isCleared = before?.doubted === undefined || clears(audit, next, before.doubted);
    const all = next.audit.logs.flatMap((log) => log.events);
    const events = newestLines(all);
    const shown = new Set(events);
    // Of older views nothing new can be told.
    const isOld = ({ body }: AuditEvent): boolean => (body?.at ?? at) < at - RELEASED;
    const isWhole = all.filter(isRecordView).every((event) => shown.has(event) || isOld(event));
    await rememberSealed(party, NAME, {
      format: FORMAT,
      network: fingerprintOf(party.primitives, party.network),
      party: party.address,
      handle,
      acknowledgement,
      ...(heard !== undefined && isWhole && { heard }),
      ...(!isCleared && { doubted: before.doubted }),
      logs: next.logs,
      events,
    } satisfies Stored);
  });
}

/**
 * Returns what the device keeps of the last audits: to be shown before there is another one, and for `examineAudit` to go on
 * from. It asks nobody.
 *
 * @param holder - The device with its keys.
 * @returns Undefined if nothing is kept that fits: it was altered, or belongs to another party, key, network file or version
 * of the program, or to a time that has not come. Then all is proven again.
 * @example
 * ```ts
 * const kept = await recallAudit(patient);
 * if (kept !== undefined) console.log(`proven as of ${new Date(kept.at * 1000).toISOString()}`);
 * ```
 */
export async function recallAudit(holder: AuditHolder): Promise<KeptAudit | undefined> {
  const kept = await stored(holder);
  if (kept === undefined || kept.logs.length === 0) return undefined;
  return keptOf(kept);
}

/**
 * Returns the moment of an audit, by the coordinators' clocks.
 *
 * @param audit - The audit.
 * @returns Unix seconds.
 * @example
 * ```ts
 * const audit = await examineAudit(patient);
 * console.log(`as of ${new Date(momentOfAudit(audit) * 1000).toISOString()}`);
 * ```
 */
export function momentOfAudit({ acknowledgement }: Pick<Audit, 'acknowledgement'>): number {
  return (JSON.parse(acknowledgement.body) as Body).at;
}

function keptOf(
  kept: Pick<Stored, 'handle' | 'acknowledgement' | 'heard' | 'doubted' | 'logs' | 'events'>,
): KeptAudit {
  const { handle, acknowledgement, heard, doubted, logs, events } = kept;
  const audit: Audit = {
    handle,
    acknowledgement,
    ...(heard !== undefined && { heard }),
    logs: logs.map(({ log, checkpoint, complete, unchecked, lines }) => {
      const own = events.filter((event) => event.log === log);
      const older = lines - own.length;
      return { log, checkpoint, complete, unchecked, faults: [], events: own, older };
    }),
    parts: [],
    key: { ticket: '', request: ZERO32 },
  };
  return {
    at: Math.min(...logs.map(({ at }) => at)),
    lines: logs.reduce((sum, { lines }) => sum + lines, 0),
    ...(doubted !== undefined && { doubted }),
    logs,
    audit,
  };
}

/** Tells whether an audit without faults settles an earlier doubt: it read every log later, and coordinators counted each. */
function clears(audit: Audit, { logs }: KeptAudit, doubted: number): boolean {
  return (
    audit.logs.every(isRead) && logs.every(({ at, names }) => at > doubted && names !== undefined)
  );
}

/** A log as it is kept, if the audit read it, and its list is counted unless it never was. */
async function provenIn(
  party: Party,
  audit: Audit,
  { log, complete, unchecked, older }: AuditedLog,
): Promise<KeptLog | undefined> {
  const { handle, key, parts, base } = audit;
  const part = parts.find((each) => each.log === log);
  if (part === undefined) return undefined;
  const { checkpoint, entries, tallies } = part;
  const { size, root } = checkpoint;
  const former = base?.logs.find((each) => each.log === log);
  const asked = { request: key.request, log, size, root, handle };
  const isCounted = countedIn(party, party.network, asked, tallies).agreed !== undefined;
  // Else a node that passes no counts on makes the device forget which lines it proved.
  if (!isCounted && former?.names !== undefined) return undefined;
  const before = older === undefined ? undefined : former;
  const names = entries.map(({ entry }) => entry);
  const last = names.at(-1) ?? before?.last;
  return {
    log,
    at: momentOfAudit(audit),
    complete,
    unchecked,
    checkpoint,
    lines: (before?.lines ?? 0) + entries.length,
    ...(last && { last }),
    ...(isCounted && { names: hashOverLines(party, names, before?.names) }),
    proven: await addToBlocks(party, before?.proven ?? { hashes: [], tail: [] }, entries),
  };
}

async function stored(holder: AuditHolder): Promise<Stored | undefined> {
  const { address, clock, network, primitives } = holder;
  const value = await recallSealed(holder, NAME);
  if (!isOfShape(STORED, value)) return undefined;
  const kept = value as Stored;
  const isOwn = kept.party === address && kept.network === fingerprintOf(primitives, network);
  const latest = seconds(clock) + AHEAD;
  const isPast = kept.logs.every(({ at }) => at <= latest) && momentOfAudit(kept) <= latest;
  return isOwn && isPast ? kept : undefined;
}
