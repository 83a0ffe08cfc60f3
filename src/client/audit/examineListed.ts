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
import { releaseKeyOf } from '../../protocol/release/releaseKeyOf.ts';
import type { View } from '../../protocol/struct/requests.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import type { Audit, AuditedLog, KeptAudit, KeptLog } from './Audit.ts';
import {
  confirmCheckpoint,
  hasSeenCheckpoint,
  type AwaitedCheckpoint,
} from '../witness/confirmCheckpoint.ts';
import { confirmCount } from '../records/confirmCount.ts';
import { examinePart } from '../records/examinePart.ts';
import type { ExaminedBefore, ListBefore } from './examineEntries.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { AuditQuery, LogPlace } from '../../protocol/AgentPort.ts';
import type { AuditedEntry } from '../../protocol/evidence/evidence.ts';
import { fetchReleases } from './fetchReleases.ts';
import { keptFault, provenBefore } from './provenBefore.ts';
import { NO_CHECKPOINT } from './isRead.ts';
import { withLists, type WithLists } from './withLists.ts';
import { relianceOf } from '../party/relianceOf.ts';
import type { Party } from '../party/Party.ts';
import { submitEvidence } from '../agent/submit.ts';

/** Seconds in which an organisation has copied an entry of another's log, unless one of them is away. */
const COPIED_IN = 8;

/** Options of `examineAudit`, `examineActs` and `confirmListed`. */
export interface AuditOptions {
  /** The last audit on the same device: signatures that were verified in it are not verified again. */
  readonly last?: Audit | undefined;
  /** The last audits as the device keeps them (`recallAudit`): only new entries are verified, and a log or list that contradicts them has a fault. */
  readonly kept?: KeptAudit | undefined;
  /**
   * True to ask for the entries since `kept` alone, of each log of which it proved the whole list. Older lines are those that it
   * has to show (`older` counts the others). `keepChain` refuses such an audit.
   */
  readonly onlyNew?: boolean;
  /** True to verify every entry again: `kept` is then only what the lists are compared with. */
  readonly afresh?: boolean;
  /** Entries are asked for once this is fulfilled: the checkpoint over the audit comes meanwhile. */
  readonly after?: Promise<unknown>;
  /** An entry that the audit is to have: if it stands in another organisation's log, the copy is waited for some seconds. */
  readonly having?: LogPlace;
  /** A ledger that the logs' checkpoints are compared with. */
  readonly ledger?: LedgerProvider;
  /** Called while a log's checkpoint over this audit is waited for, with the end of the waiting time, Unix seconds. */
  readonly onWait?: (log: LogName, until: number) => void;
  /** Called between some entries of a log, with how many new ones are examined, and how many there are: a long audit takes a minute. */
  readonly onExamined?: (log: LogName, done: number, of: number) => void;
}

/** An acknowledged audit or chain with its options. */
interface Released extends AuditOptions, ListSubject {
  readonly acknowledgement: Acknowledgement;
  /** Ticket and request that release the entries. */
  readonly key: Audit['key'];
  /** Runs something after what was given before. */
  readonly inTurn: InTurn;
}

type InTurn = <Value>(run: () => Promise<Value>) => Promise<Value>;

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
  // Whoever acts for a patient has a chain of their own.
  const relied = what === 'chain' ? { grant: ZERO32, along: {} } : relianceOf(party);
  const view: View = {
    log: party.log,
    what,
    handle,
    record: ZERO32,
    version: 0,
    grant: relied.grant,
    purpose,
    deadline: seconds(party.clock) + 300,
    salt: bytesToHex(party.random(16)),
  };
  const { acknowledgement, release } = await submitEvidence(party, 'View', view, relied.along);
  const key = { ticket: release?.ticket ?? '', request: digestOf(party, 'View', view) };
  const subject = { handle, ...(what === 'chain' && { party: party.address }) };
  const released = { ...subject, acknowledgement, key, inTurn: oneAfterAnother(), ...options };
  await options.after;
  // Nodes are asked about all logs side by side; entries are examined log by log, as they come.
  const examined = await Promise.all(
    logOf(party.network, party.log).channel.logs.map(async ({ name }) => {
      const after = listBefore(party, released, name);
      const news = after && (await examineOne(party, released, name, after));
      // Before anybody is accused, all is proven again.
      const isDoubtful = news === undefined || faultsIn(news.log) > 0;
      return isDoubtful ? await examineOne(party, released, name) : news;
    }),
  );
  const parts = (): ChainPart[] => examined.flatMap(({ part }) => part ?? []);
  const base = keptAuditOf(released);
  const audit = { ...subject, acknowledgement, key, ...(base && { base }) };
  if (what !== 'audit') return { ...audit, logs: examined.map(({ log }) => log), parts: parts() };
  const found = await withReleases(party, released, examined);
  const isAccused = found.logs.some((log, nth) => {
    const before = examined[nth];
    return before !== undefined && faultsIn(log) > faultsIn(before.log);
  });
  const lacking = examined.filter(({ log: { older = 0 } }) => older > 0);
  if (!isAccused || lacking.length === 0) return { ...audit, ...found, parts: parts() };
  // The view of a release may be a line that the device does not have to show.
  for (const each of lacking) {
    examined[examined.indexOf(each)] = await examineOne(party, released, each.log.log);
  }
  return { ...audit, ...(await withReleases(party, released, examined)), parts: parts() };
}

/** Adds what organisations told of their releases to the findings in each log. */
async function withReleases(
  party: Party,
  released: Released,
  examined: readonly ExaminedOne[],
): Promise<Pick<Audit, 'logs' | 'heard'>> {
  const logs = examined.map(({ log }) => log);
  return await fetchReleases(party, released, logs, released.last ?? toldBefore(released, logs));
}

/** Findings in one log, and the part that they are based on. */
interface ExaminedOne {
  readonly log: AuditedLog;
  readonly part?: ChainPart;
}

/** Fetches and examines the entries of a log, or those after a list that was proven before. */
async function examineOne(
  party: Party,
  released: Released,
  name: LogName,
  after?: ListBefore,
): Promise<ExaminedOne> {
  const kept = keptOf(released, name);
  const fetched = await fetchPart(party, released, name, after).catch(
    async (error: unknown) => await unexamined(party, released, name, error),
  );
  if ('faults' in fetched) return { log: fetched };
  const { unasked, before, ...part } = fetched;
  const examined = await released.inTurn(
    async () =>
      await examinePart(party, released, part, {
        before,
        after,
        onExamined: (done, of) => released.onExamined?.(name, done, of),
      }),
  );
  const late = lateness(released, name, part.checkpoint.size);
  const other = kept && after === undefined ? keptFault(party, kept, part.entries) : undefined;
  const faults = [...late, ...(other === undefined ? [] : [other]), ...examined.faults];
  const unchecked = [...examined.unchecked, ...unasked];
  return { log: { ...examined, faults, unchecked }, part };
}

function oneAfterAnother(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return async (run) => {
    const mine = last.then(run);
    last = mine.catch(() => undefined);
    return await mine;
  };
}

function faultsIn({ events, faults }: AuditedLog): number {
  return faults.length + events.filter(({ fault }) => fault !== undefined).length;
}

/** The kept audit, if it has what was told of each listed view: one that lacks older lines has it for new entries alone. */
function toldBefore(released: Released, logs: readonly AuditedLog[]): Audit | undefined {
  const kept = released.afresh === true ? undefined : keptAuditOf(released)?.audit;
  const isLacking = kept?.logs.some(({ log, older = 0 }) => {
    const now = logs.find((each) => each.log === log);
    return older > 0 && now?.older === undefined;
  });
  return isLacking === true ? undefined : kept;
}

/** The list of a log from which an audit goes on without asking for it again; undefined if there is no whole one. */
function listBefore(party: Party, released: Released, name: LogName): ListBefore | undefined {
  const audit = keptAuditOf(released);
  const kept = keptOf(released, name);
  if (released.onlyNew !== true || released.afresh === true) return undefined;
  if (audit === undefined || kept === undefined) return undefined;
  const { complete, names, last, lines, checkpoint } = kept;
  if (!complete || names === undefined || last === undefined) return undefined;
  // Coordinators tell releases of all views: each must be among the lines.
  const isGuarded = releaseKeyOf(party.network, party.log) !== undefined;
  if (isGuarded && audit.audit.heard === undefined) return undefined;
  const { events = [] } = audit.audit.logs.find((each) => each.log === name) ?? {};
  return { size: checkpoint.size, lines, last, events };
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

/** The kept audit, if it is of the same chart. */
function keptAuditOf({ kept, handle, party }: Released): KeptAudit | undefined {
  return party === undefined && kept?.audit.handle === handle ? kept : undefined;
}

function keptOf(released: Released, log: LogName): KeptLog | undefined {
  return keptAuditOf(released)?.logs.find((each) => each.log === log);
}

/** Findings of a log that could not be examined, with the reason. */
async function unexamined(
  party: Party,
  released: Released,
  log: LogName,
  error: unknown,
): Promise<AuditedLog> {
  const nothing = { log, events: [], complete: false };
  if (isMedsealError(error, 'EVIDENCE_INVALID')) {
    return { ...nothing, faults: [error.values.reason], unchecked: [] };
  }
  const { code, message } = toMedsealError(error);
  if (code !== 'NOT_YET') {
    return { ...nothing, faults: [], unchecked: [`what it holds: ${message}`] };
  }
  // Of a log that had one, a node that denies it says nothing about what the log holds.
  const isDenied = keptOf(released, log) !== undefined || (await hasSeenCheckpoint(party, log));
  const unchecked = [isDenied ? `what it holds: ${message}` : NO_CHECKPOINT];
  return { ...nothing, faults: lateness(released, log, 0), unchecked };
}

/** Part of an audit, with what is known of its entries. */
interface FetchedPart extends ChainPart, Pick<WithLists, 'unasked'> {
  readonly before: ExaminedBefore;
}

/** Waits for the checkpoint over an entry as long as others take to copy a log, and no longer: it may be no entry. */
function copied({ clock }: Pick<Party, 'clock'>, index: number): AwaitedCheckpoint {
  return { size: index + 1, until: seconds(clock) + COPIED_IN };
}

async function fetchPart(
  party: Party,
  released: Released,
  log: LogName,
  after: ListBefore | undefined,
): Promise<FetchedPart> {
  const { handle, acknowledgement, key, having, ledger, last, onWait } = released;
  const kept = keptOf(released, log);
  // A checkpoint over this audit cannot be an old one; the coordinators promised its time.
  const until = promisedFor(acknowledgement) + PROMISE_MARGIN;
  const awaited = { size: acknowledgement.index + 1, until, onWait: () => onWait?.(log, until) };
  const checkpoint = await confirmCheckpoint(party, log, {
    ...(acknowledgement.log === log && { awaited }),
    ...(acknowledgement.log !== log &&
      having?.log === log && { awaited: copied(party, having.index) }),
    ...(ledger && { ledger }),
    ...(kept && { proven: kept.checkpoint }),
  });
  const { size, root } = checkpoint;
  const query = { ...key, log, size, root };
  const [{ before, entries, unasked }, tallies] = await Promise.all([
    entriesOf(query),
    confirmCount(party, { ...query, handle }),
  ]);
  return { log, checkpoint, entries, tallies, unasked, before };

  async function entriesOf(asked: AuditQuery): Promise<WithLists & Pick<FetchedPart, 'before'>> {
    const listed = await fetchEntries(party, asked, after?.size);
    const known = await knownOf(listed);
    return { ...(await withLists(party, asked, listed, known)), before: known };
  }

  async function knownOf(entries: readonly AuditedEntry[]): Promise<ExaminedBefore> {
    if (after !== undefined) return new Map();
    const examined = last && examinedIn(last, log);
    if (examined !== undefined && examined.size > 0) return examined;
    const audit = released.afresh === true ? undefined : keptAuditOf(released);
    return audit && kept ? await provenBefore(party, kept, audit, entries) : new Map();
  }
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
 * @param from - Place of the first entry that is asked for.
 * @returns The entries, up to the first that goes back or beyond the log: such a list could go on for ever.
 * @throws MedsealError of the node; `PEER_MALFORMED`.
 */
async function fetchEntries(
  party: Pick<Party, 'agent'>,
  query: AuditQuery,
  from = 0,
): Promise<readonly AuditedEntry[]> {
  const entries: AuditedEntry[] = [];
  let next = from;
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
