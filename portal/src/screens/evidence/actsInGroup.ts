import {
  untoldRecords,
  type AuditEvent,
  type WrittenVersions,
} from '../../../../src/client/index.ts';
import { askedView, keepOf } from '../../../../src/protocol/evidence/askedView.ts';
import type { Body } from '../../../../src/protocol/evidence/evidence.ts';
import { acceptedPairs, pairName } from '../../../../src/protocol/evidence/viewSet.ts';
import type { RecordId } from '../../../../src/protocol/ids.ts';
import type { KeptView, View, ViewSet, Write } from '../../../../src/protocol/struct/requests.ts';
import type { Category, Purpose } from '../../../../src/protocol/vocabulary.ts';
import { actOf, type Act } from './actOf.ts';
import { keyOfEvent } from './keyOfEvent.ts';
import { kindOfEvent, type ActKind } from './kindOfEvent.ts';

/** A record version that somebody read or wrote. */
export interface RecordConcerned {
  readonly record: RecordId;
  readonly version: number;
  /** Absent if the audit does not have its write. */
  readonly category?: Category;
}

/** Events of one group that are said by one line. */
export interface GroupAct {
  readonly key: string;
  /** `other` is anything that no kind has, such as a request for access. */
  readonly kind: ActKind | 'other';
  /** The act of the newest event. */
  readonly act: Act;
  readonly category?: Category;
  /** The newest event's body. */
  readonly body: Body;
  readonly purpose: Purpose;
  /** The newest first. */
  readonly events: readonly [AuditEvent, ...AuditEvent[]];
  /** Record versions that were read or written, each once. */
  readonly records: readonly RecordConcerned[];
  /** Number of records that were read and that no node named. */
  readonly untold: number;
  /** Number of times that the list of records was seen. */
  readonly lists: number;
  /** Until when the reader may look again, Unix seconds. */
  readonly until?: number;
}

/**
 * Sums up what one person did into lines: one for the views of each purpose, one for each moment until which the reader may
 * look again, one for what was added or changed, one for each reason of a refusal. A refusal never counts as a view. No
 * event is left out, and none comes twice.
 *
 * @param events - Of one group of `groupEvidence`, proven, the newest first.
 * @param writes - The writes of the audit, for the categories of what was read.
 */
export function actsInGroup(
  events: readonly AuditEvent[],
  writes: WrittenVersions,
): readonly GroupAct[] {
  const groups = Map.groupBy(events, keyOfAct);
  return [...groups].flatMap(([key, [first, ...others]]) => {
    if (first?.body === undefined) return [];
    const { body } = first;
    const all = [first, ...others] as const;
    const [act, category] = actOf(body.request);
    const isAccepted = body.flag === 'A';
    const named = new Map(
      isAccepted ? all.flatMap(versionsOfEvent).map((each) => [pairName(each), each]) : [],
    );
    const until = isAccepted ? untilIn(body) : undefined;
    return [
      {
        key,
        kind: kindOfEvent(first) ?? 'other',
        act,
        ...(category && { category }),
        body,
        purpose: body.request.message.purpose,
        events: all,
        records: [...named].map(([name, version]) => {
          const known = writes.get(name)?.message.category;
          return { ...version, ...(known && { category: known }) };
        }),
        untold: isAccepted ? all.reduce((sum, event) => sum + untoldIn(event), 0) : 0,
        lists: isAccepted ? all.filter((event) => askedIn(event)?.what === 'chart').length : 0,
        ...(until !== undefined && { until }),
      },
    ];
  });
}

/** Events of one key are said by one line. */
function keyOfAct(event: AuditEvent): string {
  const { body } = event;
  if (body === undefined) return keyOfEvent(event);
  const { purpose } = body.request.message;
  const [act, category] = actOf(body.request);
  const kind = kindOfEvent(event);
  if (kind === 'refused') return JSON.stringify([kind, act, category, body.code, purpose]);
  if (kind === 'looked') return JSON.stringify([kind, untilIn(body), purpose]);
  if (kind === 'added') return JSON.stringify([kind, act, purpose]);
  return JSON.stringify([kind, act, category, purpose]);
}

function untilIn({ request }: Body): number | undefined {
  if (request.type === 'ViewSet') return keepOf(request.message as ViewSet);
  const view = askedView(request);
  return view && keepOf(view);
}

function askedIn({ body }: AuditEvent): View | KeptView | undefined {
  return body && askedView(body.request);
}

/** Returns the record versions that an accepted event released or put on the chart, as far as a node named them. */
export function versionsOfEvent(event: AuditEvent): readonly Omit<RecordConcerned, 'category'>[] {
  const { body, pairs = [] } = event;
  if (body === undefined) return [];
  const { type, message } = body.request;
  if (type === 'Write') return [versionOf(message as Write)];
  if (type === 'ViewSet') {
    return acceptedPairs(pairs, body.left).flatMap((pair) =>
      'record' in pair ? [versionOf(pair)] : [],
    );
  }
  const view = askedIn(event);
  return view?.what === 'record' ? [versionOf(view)] : [];
}

function versionOf({
  record,
  version,
}: Omit<RecordConcerned, 'category'>): Omit<RecordConcerned, 'category'> {
  return { record, version };
}

/** `untoldRecords`, without those that were left out although no node gave the list. */
function untoldIn(event: AuditEvent): number {
  const left = event.pairs === undefined ? (event.body?.left?.length ?? 0) : 0;
  return untoldRecords(event) - left;
}
