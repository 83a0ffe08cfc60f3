import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { bytesToHex } from '../../crypto/bytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Acknowledgement, ChainPart, ListSubject } from '../../protocol/evidence/evidence.ts';
import { PROMISE_MARGIN } from '../../protocol/evidence/examinePromise.ts';
import { promisedFor } from '../../protocol/evidence/promisedFor.ts';
import { ZERO32, type LogName } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import type { View } from '../../protocol/struct/requests.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import type { Audit, AuditedLog } from './Audit.ts';
import { confirmCheckpoint } from '../witness/confirmCheckpoint.ts';
import { confirmCount } from '../records/confirmCount.ts';
import { examinePart } from '../records/examinePart.ts';
import type { ExaminedBefore } from './examineEntries.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { AuditQuery } from '../../protocol/AgentPort.ts';
import type { AuditedEntry } from '../../protocol/evidence/evidence.ts';
import { fetchReleases } from './fetchReleases.ts';
import { withLists, type WithLists } from './withLists.ts';
import type { Party } from '../party/Party.ts';
import { submitEvidence } from '../agent/submit.ts';

/** Options of `examineAudit`, `examineActs` and `confirmListed`. */
export interface AuditOptions {
  /** The last audit on the same device: signatures that were verified in it are not verified again. */
  readonly last?: Audit | undefined;
  /** A ledger that the logs' checkpoints are compared with. */
  readonly ledger?: LedgerProvider;
  /** Called while a log's checkpoint over this audit is waited for, with the end of the waiting time, Unix seconds. */
  readonly onWait?: (log: LogName, until: number) => void;
  /** Called between some entries of a log, with how many are examined and how many it lists: a long audit takes a minute. */
  readonly onExamined?: (log: LogName, done: number, of: number) => void;
}

/** An acknowledged audit or chain with its options. */
interface Released extends AuditOptions, ListSubject {
  readonly acknowledgement: Acknowledgement;
  /** Ticket and request that release the entries. */
  readonly key: Audit['key'];
}

/**
 * Asks for the entries that concern a patient, or that the party signed itself, and examines every part of the answer.
 * Returns faults and facts that could not be checked, and throws for neither.
 *
 * @param party - The party that asks.
 * @param wanted - A patient's audit, or the party's own chain.
 * @param options - See `AuditOptions`.
 * @throws MedsealError with the code of the refusal.
 */
export async function examineListed(
  party: Party,
  { what, handle, purpose }: Pick<View, 'what' | 'handle' | 'purpose'>,
  options: AuditOptions,
): Promise<Audit> {
  const view: View = {
    log: party.log,
    what,
    handle,
    record: ZERO32,
    version: 0,
    grant: ZERO32,
    purpose,
    deadline: seconds(party.clock) + 300,
    salt: bytesToHex(party.random(16)),
  };
  const { acknowledgement, release } = await submitEvidence(party, 'View', view);
  const key = { ticket: release?.ticket ?? '', request: digestOf(party, 'View', view) };
  const subject = { handle, ...(what === 'chain' && { party: party.address }) };
  const released = { ...subject, acknowledgement, key, ...options };
  const logs: AuditedLog[] = [];
  const parts: ChainPart[] = [];
  for (const { name } of logOf(party.network, party.log).channel.logs) {
    const before = options.last && examinedIn(options.last, name);
    const part = await fetchPart(party, released, name, before).catch((error: unknown) =>
      unexamined(released, name, error),
    );
    if ('faults' in part) {
      logs.push(part);
    } else {
      const { unasked, ...rest } = part;
      parts.push(rest);
      const examined = await examinePart(party, released, rest, {
        before,
        onExamined: (done, of) => options.onExamined?.(name, done, of),
      });
      const late = lateness(released, name, rest.checkpoint.size);
      const unchecked = [...examined.unchecked, ...unasked];
      logs.push({ ...examined, faults: [...late, ...examined.faults], unchecked });
    }
  }
  const found =
    what === 'audit' ? await fetchReleases(party, released, logs, options.last) : { logs };
  return { ...subject, acknowledgement, ...found, parts, key };
}

/** Returns the entries of a log in which an audit found no fault. */
function examinedIn({ parts, logs }: Audit, log: LogName): ExaminedBefore {
  const listed = parts.find((part) => part.log === log)?.entries ?? [];
  const { events = [] } = logs.find((each) => each.log === log) ?? {};
  return new Map(
    events.flatMap((event, place) => {
      const entry = listed[place];
      const isSound = entry !== undefined && event.fault === undefined;
      return isSound ? [[event.index, [entry, event]] as const] : [];
    }),
  );
}

/** Findings of a log that could not be examined, with the reason. */
function unexamined(released: Released, log: LogName, error: unknown): AuditedLog {
  const nothing = { log, events: [], complete: false };
  if (isMedsealError(error, 'EVIDENCE_INVALID')) {
    return { ...nothing, faults: [error.values.reason], unchecked: [] };
  }
  const { code, message } = toMedsealError(error);
  if (code !== 'NOT_YET') {
    return { ...nothing, faults: [], unchecked: [`what it holds: ${message}`] };
  }
  const unchecked = ['it has no checkpoint yet'];
  return { ...nothing, faults: lateness(released, log, 0), unchecked };
}

async function fetchPart(
  party: Party,
  { handle, acknowledgement, key, ledger, onWait }: Released,
  log: LogName,
  before: ExaminedBefore | undefined,
): Promise<ChainPart & Pick<WithLists, 'unasked'>> {
  // A checkpoint over this audit cannot be an old one; the coordinators promised its time.
  const until = promisedFor(acknowledgement) + PROMISE_MARGIN;
  const awaited = { size: acknowledgement.index + 1, until, onWait: () => onWait?.(log, until) };
  const checkpoint = await confirmCheckpoint(party, log, {
    ...(acknowledgement.log === log && { awaited }),
    ...(ledger && { ledger }),
  });
  const { size, root } = checkpoint;
  const query = { ...key, log, size, root };
  const listed = await fetchEntries(party, query);
  const { entries, unasked } = await withLists(party, query, listed, before);
  const tallies = await confirmCount(party, { ...query, handle });
  return { log, checkpoint, entries, tallies, unasked };
}

/** Returns the fault of a log that has no checkpoint over this audit in the promised time. */
function lateness({ acknowledgement }: Released, log: LogName, size: number): readonly string[] {
  const { index } = acknowledgement;
  if (acknowledgement.log !== log || size > index) return [];
  const promised = new Date(promisedFor(acknowledgement) * 1000).toISOString();
  const what = `a checkpoint of ${index + 1} entries was promised until ${promised}`;
  return [`${what}, and the node serves ${size === 0 ? 'none' : `one of ${size}`}`];
}

/**
 * Fetches the entries of a log that a node lists for a patient, page by page. They are not checked.
 *
 * @param party - The patient.
 * @param query - The acknowledged audit, the log, its checkpoint.
 * @returns The entries, up to the first that goes back or beyond the log: such a list could go on for ever.
 * @throws MedsealError of the node; `PEER_MALFORMED`.
 */
async function fetchEntries(
  party: Pick<Party, 'agent'>,
  query: AuditQuery,
): Promise<readonly AuditedEntry[]> {
  const entries: AuditedEntry[] = [];
  let next = 0;
  for (;;) {
    const page: unknown = await party.agent.audit({ ...query, from: next });
    if (!isPage(page)) throw new MedsealError('PEER_MALFORMED', { what: 'audit' });
    if (page.length === 0) return entries;
    for (const entry of page) {
      entries.push(entry);
      if (!(entry.index >= next && entry.index < query.size)) return entries;
      next = entry.index + 1;
    }
  }
}

function isPage(value: unknown): value is readonly AuditedEntry[] {
  return (
    Array.isArray(value) && value.every((entry) => typeof entry === 'object' && entry !== null)
  );
}
