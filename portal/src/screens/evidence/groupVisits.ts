import type { AuditEvent } from '../../../../src/client/index.ts';
import { keepOf } from '../../../../src/protocol/evidence/askedView.ts';
import type { Body } from '../../../../src/protocol/evidence/evidence.ts';
import type { View, ViewSet } from '../../../../src/protocol/struct/requests.ts';

/** A line of the list: one event, the views of one person, purpose and day, or a device's batches of one day. */
export interface EvidenceLine {
  /** The first is the newest; a fold has at least two. */
  readonly events: readonly [AuditEvent, ...AuditEvent[]];
  /** Absent for a single event. */
  readonly fold?: VisitFold | BatchesFold;
}

/** Views of the list of records and of single records. */
export interface VisitFold {
  readonly kind: 'visit';
  readonly body: Body;
  readonly lists: number;
  readonly records: number;
}

/** Batches of readings that one right brought. */
export interface BatchesFold {
  readonly kind: 'batches';
  readonly body: Body;
  readonly batches: number;
}

/**
 * Groups what others viewed into one line for each viewer, purpose and day, and the batches of a device into one for each
 * right and day. Everything else stays a line of its own: refusals, changes, answers, events whose proof failed or whose
 * text was erased. No event is left out, and none comes twice.
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
    if (body === undefined) return `${log}#${index}`;
    const { party, message } = body.request;
    if (viewIn(event) !== undefined)
      return JSON.stringify([party, message.purpose, dayOf(body.at)]);
    const grant = rightOfBatch(event);
    return grant === undefined ? `${log}#${index}` : JSON.stringify([party, grant, dayOf(body.at)]);
  });
  return [...groups.values()].flatMap((group): readonly EvidenceLine[] => {
    const [first, ...others] = group;
    if (first === undefined) return [];
    const { body } = first;
    if (body === undefined || others.length === 0) return [{ events: [first] }];
    if (rightOfBatch(first) !== undefined) {
      return [
        { events: [first, ...others], fold: { kind: 'batches', body, batches: group.length } },
      ];
    }
    const lists = group.filter((event) => viewIn(event) === 'chart').length;
    const records = group.reduce((sum, event) => sum + recordsIn(event), 0);
    return [{ events: [first, ...others], fold: { kind: 'visit', body, lists, records } }];
  });
}

/** The right under which a device's batch came onto the chart. */
function rightOfBatch({ body, fault }: AuditEvent): string | undefined {
  const proven = body?.flag === 'A' && fault === undefined && body.request.type === 'Write';
  return proven ? body.readings?.header.grant : undefined;
}

/** Number of records that an event released: a set of views is of several. */
function recordsIn(event: AuditEvent): number {
  const seen = viewIn(event);
  if (seen !== 'records') return seen === 'record' ? 1 : 0;
  const { request, left = [] } = event.body as Body;
  return (request.message as ViewSet).count - left.length;
}

/** Tells whether an event proves a view of a list, of a record, or of several. */
function viewIn({ body, fault }: AuditEvent): 'chart' | 'record' | 'records' | undefined {
  if (body?.flag !== 'A' || fault !== undefined) return undefined;
  if (body.request.type === 'ViewSet') {
    // Until when its reader may look again stands on a line of its own.
    return keepOf(body.request.message as ViewSet) === undefined ? 'records' : undefined;
  }
  if (body.request.type !== 'View') return undefined;
  const { what } = body.request.message as View;
  return what === 'chart' || what === 'record' ? what : undefined;
}
