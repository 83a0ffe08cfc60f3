import { MedsealError } from '../../errors/MedsealError.ts';
import { toMedsealError } from '../../errors/toMedsealError.ts';
import { coordinatorAt } from '../../protocol/network/coordinatorAt.ts';
import type { Body } from '../../protocol/evidence/evidence.ts';
import type { Bytes32, LogName, Organisation } from '../../protocol/ids.ts';
import { listRoot } from '../../protocol/wire/listRoot.ts';
import { verifyLogConflict, type LogConflict } from '../../protocol/evidence/LogConflict.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { promisesOf, sizesOf } from '../../protocol/evidence/promisesOf.ts';
import { releaseKeyOf } from '../../protocol/release/releaseKeyOf.ts';
import type { ReleaseNote } from '../../protocol/release/ReleaseNote.ts';
import { releasedName } from '../../protocol/release/releasedView.ts';
import { releasesNonce } from '../../protocol/release/releasesNonce.ts';
import type { ReleasesTold } from '../../protocol/release/ReleasesTold.ts';
import { verifyReleaseNote } from '../../protocol/release/verifyReleaseNote.ts';
import { signerOf } from '../../protocol/struct/signing.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import type { Party } from '../party/Party.ts';
import type { Audit, AuditedLog, ReleaseTold } from './Audit.ts';
import { examineReleases, isRecordView, versionsIn } from './examineReleases.ts';
import { isRead } from './isRead.ts';

/** Seconds for which a view can be released and checkpointed, and a margin for clocks. */
const RELEASABLE = 600;
/** The most notes of one organisation that are taken in, beside one for each record version that the logs' views released. */
const MOST_BESIDE = 65_536;

/** An audit whose releases are asked for. */
type Asking = Pick<Audit, 'handle' | 'acknowledgement' | 'key'>;

/** A log that signed two histories. */
interface Forked {
  readonly log: LogName;
  readonly fault: string;
}

/** A release that an organisation told of. */
interface Told extends ReleaseTold {
  readonly log: LogName;
  readonly entry: Bytes32;
}

/**
 * Asks each organisation's coordinator, through the party's node, for which views of the chart it released the key of a record,
 * and adds that to the findings of an audit. A release for a view that its log does not have is a fault. Silence proves
 * nothing, so an audit is not complete unless so many told that those who lie cannot have kept one from it.
 *
 * @param party - The patient.
 * @param audit - The audit.
 * @param logs - Findings in each log.
 * @param last - The last audit on this device: what it told of older views is not asked again.
 * @returns The findings with what coordinators said; as they were if the channel has no release key.
 */
export async function fetchReleases(
  party: Party,
  audit: Asking,
  logs: readonly AuditedLog[],
  last?: Audit,
): Promise<Pick<Audit, 'logs' | 'heard'>> {
  const threshold = releaseKeyOf(party.network, party.log)?.threshold;
  if (threshold === undefined) return { logs };
  const { channel } = logOf(party.network, party.log);
  const { heard: needed } = promisesOf(sizesOf(channel, threshold));
  // Releases of a log that could not be read then were not kept.
  const isKnown = last?.logs.every(isRead) === true && (last.heard ?? 0) >= needed;
  const since = isKnown ? askedSince(last) : 0;
  // Whoever reads much makes many notes: a bound that does not grow with them would end all audits.
  const events = logs.flatMap((log) => log.events);
  const most = events.reduce((sum, event) => sum + versionsIn(event), MOST_BESIDE);
  const answers = await Promise.all(
    channel.coordinators.map(async ({ organisation }) => {
      try {
        return await askOne(party, audit, organisation, { since, most });
      } catch (error) {
        return { silent: `${organisation} (${toMedsealError(error).message})` };
      }
    }),
  );
  const silent = answers.flatMap((answer) => ('silent' in answer ? [answer.silent] : []));
  const heardOf = answers.flatMap((answer) => ('silent' in answer ? [] : [answer]));
  const forked = heardOf.flatMap((answer) => answer.forked);
  const before = last === undefined || since === 0 ? [] : toldBefore(last, since);
  const told = inOrder([...before, ...heardOf.flatMap((answer) => answer.told)]);
  const heard = channel.coordinators.length - silent.length;
  const found = logs.map((log) => {
    const own = isRead(log) ? told.filter((each) => each.log === log.log) : [];
    const faults = forked.flatMap((each) => (each.log === log.log ? [each.fault] : []));
    const released = isRead(log)
      ? addTo(party, log, own, threshold)
      : { ...log, unchecked: [...log.unchecked, 'releases of its views'] };
    const withReleases = { ...released, faults: [...faults, ...released.faults] };
    if (heard >= needed) return withReleases;
    const what = `releases that no log has: ${heard} of the ${needed} organisations that it takes told theirs, not ${silent.join(', ')}`;
    const unchecked = [...withReleases.unchecked, what];
    return { ...withReleases, complete: false, unchecked };
  });
  return { logs: found, heard };
}

/** The moment from which on an audit can tell of releases that the one before did not. */
function askedSince(last: Pick<Audit, 'acknowledgement'> | undefined): number {
  if (last === undefined) return 0;
  const { at } = JSON.parse(last.acknowledgement.body) as Body;
  return Math.max(0, at - RELEASABLE);
}

/** Releases by organisation, then by time: two audits of the same events say the same, whoever answered first. */
function inOrder(told: readonly Told[]): Told[] {
  const byName = (a: Told, b: Told): number =>
    Number(a.organisation > b.organisation) - Number(a.organisation < b.organisation);
  return told.toSorted((a, b) => byName(a, b) || a.at - b.at);
}

function toldBefore({ logs }: Audit, since: number): Told[] {
  return logs.flatMap(({ log, events }) =>
    events.flatMap(({ entry, released = [] }) =>
      released.filter(({ at }) => at < since).map((each) => ({ ...each, log, entry })),
    ),
  );
}

/** Logs that signed two histories, by the proofs of an organisation; one that is not valid proves nothing. */
function forksIn(
  party: Party,
  organisation: Organisation,
  conflicts: readonly LogConflict[],
): Forked[] {
  return conflicts
    .filter((conflict) => verifyLogConflict(party, party.network, conflict))
    .map(({ log, index }) => {
      return { log, fault: `it signed two entries at #${index}; ${organisation} has the proof` };
    });
}

/** Asks one organisation for its list, page by page, until it is the one that its coordinator signed. */
async function askOne(
  party: Party,
  { handle, acknowledgement, key }: Asking,
  organisation: Organisation,
  { since, most }: { readonly since: number; readonly most: number },
): Promise<{ readonly told: readonly Told[]; readonly forked: readonly Forked[] }> {
  const nonce = releasesNonce(party.primitives, key.request, since);
  const { id } = logOf(party.network, acknowledgement.log).log;
  const now = party.clock.now() / 1000;
  const isOf = ({ tally, coordinator, signature }: ReleasesTold): boolean =>
    tally.nonce === nonce &&
    tally.log === id &&
    tally.handle === handle &&
    coordinatorAt(party.network, acknowledgement.log, coordinator, now) === organisation &&
    succeeds(() => signerOf(party, 'Tally', tally, signature) === coordinator);
  const notes: ReleaseNote[] = [];
  for (;;) {
    const page = await party.agent.releases({ ...key, organisation, since, from: notes.length });
    notes.push(...page.notes);
    const { tally } = page;
    if (!isOf(page) || notes.length > Math.min(tally.count, most)) throw notTheirs();
    if (tally.count > notes.length && page.notes.length > 0) continue;
    const entries = notes.map((note) => releasedName(party.primitives, note));
    const isWhole = tally.count === notes.length;
    if (!isWhole || listRoot(party.primitives, entries) !== tally.last) throw notTheirs();
    return {
      told: notes.map((note) => toldBy(party, organisation, note)),
      forked: forksIn(party, organisation, page.conflicts),
    };
  }
}

function toldBy(party: Party, organisation: Organisation, note: ReleaseNote): Told {
  const { logs } = logOf(party.network, party.log).channel;
  const log = logs.find(({ id }) => id === note.release.log)?.name;
  if (log === undefined || verifyReleaseNote(party, party.network, log, note) !== organisation) {
    throw notTheirs();
  }
  const { at, recipient } = note.release;
  const { entry, leaf } = note;
  return { organisation, at, recipient, log, entry, ...(leaf && { leaf }) };
}

/** Adds what organisations told of one log. */
function addTo(
  party: Party,
  audited: AuditedLog,
  found: readonly Told[],
  threshold: number,
): AuditedLog {
  const told = new Map<Bytes32, ReleaseTold[]>();
  for (const { entry, log: _, ...release } of found) {
    const before = told.get(entry);
    if (before === undefined) told.set(entry, [release]);
    else before.push(release);
  }
  const views = audited.events.filter(isRecordView);
  // The patient's own views open without a release.
  const others = new Set(views.filter(({ body }) => body?.request.party !== party.address));
  const all = [...others].reduce((sum, event) => sum + versionsIn(event), 0);
  const seen = views.map((event) => {
    return { event, ...examineReleases(party, event, told.get(event.entry) ?? [], threshold) };
  });
  const few = seen
    .filter(({ event }) => others.has(event))
    .reduce((sum, { event, enough }) => sum + Math.max(0, versionsIn(event) - enough), 0);
  const listed = new Set(audited.events.map(({ entry }) => entry));
  const absent = found.filter(({ entry }) => !listed.has(entry));
  const isDue = ({ at }: Told): boolean => at + RELEASABLE < party.clock.now() / 1000;
  return {
    ...audited,
    events: audited.events.map((event) => {
      const released = isRecordView(event) ? told.get(event.entry) : undefined;
      return released === undefined ? event : { ...event, released };
    }),
    faults: [
      ...audited.faults,
      ...seen.flatMap(({ event, faults }) => faults.map((fault) => `#${event.index}: ${fault}`)),
      ...absent.filter(isDue).map((each) => `${released(each)}, which this log does not have`),
    ],
    unchecked: [
      ...audited.unchecked,
      ...(few === 0
        ? []
        : [
            `who released ${few} of its ${all} views by others: fewer than ${threshold} organisations say that they did; ` +
              'the reader may not have asked, or they do not tell',
          ]),
      ...absent
        .filter((each) => !isDue(each))
        .map((each) => `${released(each)}, over which there is no checkpoint yet`),
    ],
  };
}

function released({ organisation, at, entry }: Told): string {
  const when = new Date(at * 1000).toISOString();
  return `${organisation} released the key of a record on ${when} for a view (entry ${entry})`;
}

function notTheirs(): MedsealError {
  const reason = 'the list of releases is not the one that its coordinator signed';
  return new MedsealError('EVIDENCE_INVALID', { reason });
}
