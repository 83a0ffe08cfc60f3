import type { AuditEvent } from '../../../../src/client/index.ts';
import type { Body } from '../../../../src/protocol/evidence.ts';
import type { View } from '../../../../src/protocol/requests.ts';

/** A line of the list: one event, or the views of one person, purpose and day. */
export interface EvidenceLine {
  /** The first is the newest; a visit has at least two. */
  readonly events: readonly [AuditEvent, ...AuditEvent[]];
  /** Views of the list of records and of single records; absent for a single event. */
  readonly visit?: { readonly body: Body; readonly lists: number; readonly records: number };
}

/**
 * Groups what others viewed into one line for each viewer, purpose and day. Everything else stays a line of its own:
 * refusals, changes, answers, events whose proof failed or whose text was erased. No event is left out, and none comes
 * twice.
 *
 * @param events - The newest first.
 * @param dayOf - Names the day of a moment in Unix seconds, where the reader is.
 */
export function groupVisits(
  events: readonly AuditEvent[],
  dayOf: (at: number) => string,
): readonly EvidenceLine[] {
  const groups = Map.groupBy(events, (event) => {
    const { body, log, index } = event;
    if (body === undefined || viewIn(event) === undefined) return `${log}#${index}`;
    return JSON.stringify([body.request.party, body.request.message.purpose, dayOf(body.at)]);
  });
  return [...groups.values()].flatMap((group): readonly EvidenceLine[] => {
    const [first, ...others] = group;
    if (first === undefined) return [];
    const { body } = first;
    if (body === undefined || others.length === 0) return [{ events: [first] }];
    const lists = group.filter((event) => viewIn(event)?.what === 'chart').length;
    const visit = { body, lists, records: group.length - lists };
    return [{ events: [first, ...others], visit }];
  });
}

/** The view of a list or a record that an event proves. */
function viewIn({ body, fault }: AuditEvent): View | undefined {
  if (body?.flag !== 'A' || fault !== undefined || body.request.type !== 'View') return undefined;
  const view = body.request.message as View;
  return view.what === 'chart' || view.what === 'record' ? view : undefined;
}
