import { toMedsealError } from '../../errors/toMedsealError.ts';
import { askedView } from '../../protocol/askedView.ts';
import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import { releaseKeyOf } from '../../protocol/release/releaseKeyOf.ts';
import { MOST_NOTED } from '../../protocol/release/ReleaseNote.ts';
import { verifyReleaseNote } from '../../protocol/release/verifyReleaseNote.ts';
import type { Party } from '../party/Party.ts';
import type { Audit, AuditedLog, AuditEvent, ReleaseTold } from './Audit.ts';

/** Seconds for which a view can be released, and a margin for clocks: later notes are not to be expected. */
const RELEASABLE = 600;

/**
 * Asks coordinators, through the party's node, which of them released the key of a record for each view of it, and adds that to
 * the events of an audit. Silence proves nothing: a coordinator may keep its note back, and a node may not pass it on.
 *
 * @param party - The patient.
 * @param key - Ticket and request of the audit.
 * @param audited - Findings in one log.
 * @param last - Findings in it by the last audit on this device: what it told of older views is not asked again.
 * @returns The findings with what coordinators said; as they were if the channel has no release key.
 */
export async function fetchReleases(
  party: Party,
  key: Audit['key'],
  audited: AuditedLog,
  last?: AuditedLog,
): Promise<AuditedLog> {
  const { network } = party;
  const threshold = releaseKeyOf(network, audited.log)?.threshold;
  if (threshold === undefined) return audited;
  const told = new Map<Bytes32, readonly ReleaseTold[]>();
  const moment = party.clock.now() / 1000;
  for (const { entry, body, released = [] } of last?.events ?? []) {
    const isOver = body !== undefined && body.at + RELEASABLE < moment;
    if (isOver && released.length >= threshold) told.set(entry, released);
  }
  const views = audited.events.filter(isRecordView);
  const asked = views.filter(({ entry }) => !told.has(entry));
  const unchecked: string[] = [];
  try {
    for (let from = 0; from < asked.length; from += MOST_NOTED) {
      const page = asked.slice(from, from + MOST_NOTED);
      for (const [entry, found] of await askFor(party, key, audited.log, page)) {
        told.set(entry, found);
      }
    }
  } catch (error) {
    unchecked.push(`who released its views: ${toMedsealError(error).message}`);
  }
  // The patient's own views open without a release.
  const others = views.filter(({ body }) => body?.request.party !== party.address);
  const few = others.filter(({ entry }) => (told.get(entry)?.length ?? 0) < threshold).length;
  if (few > 0 && unchecked.length === 0) {
    unchecked.push(
      `who released ${few} of its ${others.length} views by others: fewer than ${threshold} organisations say that they did; ` +
        'the reader may not have asked, or they do not tell',
    );
  }
  return {
    ...audited,
    events: audited.events.map((event) => {
      const released = told.get(event.entry);
      return released === undefined ? event : { ...event, released };
    }),
    faults: [
      ...audited.faults,
      ...views.flatMap(({ index, entry }) => {
        const fault = faultOf(told.get(entry) ?? []);
        return fault === undefined ? [] : [`#${index}: ${fault}`];
      }),
    ],
    unchecked: [...audited.unchecked, ...unchecked],
  };
}

/** Tells whether an event is a view of a record that was let pass: only for such a view a key is released. */
function isRecordView({ body, fault }: AuditEvent): boolean {
  if (body?.flag !== 'A' || fault !== undefined) return false;
  return askedView(body.request)?.what === 'record';
}

async function askFor(
  party: Party,
  key: Audit['key'],
  log: AuditedLog['log'],
  views: readonly AuditEvent[],
): Promise<ReadonlyMap<Bytes32, readonly ReleaseTold[]>> {
  const places = views.map(({ index }) => index);
  const wanted = new Map(
    views.map(({ entry }) => [entry, new Map<Organisation, ReleaseTold>()] as const),
  );
  for (const note of await party.agent.releases({ ...key, log, places })) {
    const found = wanted.get(note.entry);
    const organisation = found && verifyReleaseNote(party, party.network, log, note);
    if (organisation === undefined || found === undefined) continue;
    const { at, recipient } = note.release;
    if (!found.has(organisation)) found.set(organisation, { organisation, at, recipient });
  }
  return new Map([...wanted].map(([entry, found]) => [entry, [...found.values()]]));
}

/** A view commits to one recipient: whoever released to another one did so for somebody whom the view does not name. */
function faultOf(released: readonly ReleaseTold[]): string | undefined {
  if (new Set(released.map(({ recipient }) => recipient)).size < 2) return undefined;
  const names = released.map(({ organisation }) => organisation).join(', ');
  return `${names} released it to different recipients, of which the view names one`;
}
