import type { AuditEvent } from '../../../../src/client/index.ts';
import type { Address, Handle } from '../../../../src/protocol/ids.ts';
import { keyOfEvent } from './keyOfEvent.ts';
import { kindOfEvent } from './kindOfEvent.ts';
import { namelessKind, type NamelessKind } from './namelessKind.ts';

/** The acts of one person on a day, the batches of one device, or lines that stand under nobody's name. */
export interface EvidenceGroup {
  /** Names the group among all, and stays the same while newer events come. */
  readonly key: string;
  /**
   * `person`: the party signed all of it. `device`: batches that one right brought, which the party signed. `unproven`: lines
   * that do not hold. `foreign`: lines about another patient. `erased`: lines whose text was erased.
   */
  readonly kind: 'person' | 'device' | NamelessKind;
  /** Absent if nobody is proven to have done it. */
  readonly party?: Address;
  /** The newest first. */
  readonly events: readonly [AuditEvent, ...AuditEvent[]];
}

/** A day, or the lines without one. */
export interface EvidenceDay {
  /** As `dayOf` names it; absent for lines that stand under nobody's name. */
  readonly day?: string;
  /** The newest moment in it, Unix seconds. */
  readonly at?: number;
  /** The group of the newest event first. */
  readonly groups: readonly EvidenceGroup[];
}

/** Facts that the grouping needs. */
export interface GroupingOf {
  /** The patient whose evidence it is. */
  readonly handle: Handle;
  /** Names the day of a moment in Unix seconds, where the reader is. */
  readonly dayOf: (at: number) => string;
}

/**
 * Groups events by day, and within a day by the person who signed them or the device that they are from. Lines that do not
 * hold, or that are about another patient, come first and stand under nobody's name, whatever they claim; lines whose
 * text was erased come last. No event is left out, and none comes twice.
 *
 * @param events - Of all logs, in any order.
 * @param of - The patient, and how days are named.
 */
export function groupEvidence(
  events: readonly AuditEvent[],
  { handle, dayOf }: GroupingOf,
): readonly EvidenceDay[] {
  const kinds = Map.groupBy(events.toSorted(newestFirst), (event) => namelessKind(event, handle));
  const lines = (kind: NamelessKind): readonly EvidenceGroup[] =>
    groupsOf(kinds.get(kind) ?? [], () => ({ key: kind, kind }));
  const days = Map.groupBy(kinds.get(undefined) ?? [], ({ body }) => dayOf(body?.at ?? 0));
  const first = [...lines('unproven'), ...lines('foreign')];
  const last = lines('erased');
  return [
    ...(first.length === 0 ? [] : [{ groups: first }]),
    ...[...days].map(([day, ofDay]) => ({
      day,
      at: ofDay[0]?.body?.at ?? 0,
      groups: groupsOf(ofDay, (event) => signerOf(event, day)),
    })),
    ...(last.length === 0 ? [] : [{ groups: last }]),
  ];
}

/** The later one first; of one second the later place of a log first, whatever the order in which they were told. */
function newestFirst(one: AuditEvent, other: AuditEvent): number {
  const later = (other.body?.at ?? 0) - (one.body?.at ?? 0);
  if (later !== 0) return later;
  if (one.log !== other.log) return one.log < other.log ? -1 : 1;
  return other.index - one.index;
}

function signerOf(event: AuditEvent, day: string): Omit<EvidenceGroup, 'events'> {
  const party = event.body?.request.party;
  if (party === undefined) return { key: keyOfEvent(event), kind: 'erased' };
  const right = kindOfEvent(event) === 'devices' ? event.body?.readings?.header.grant : undefined;
  if (right === undefined) return { key: JSON.stringify([day, party]), kind: 'person', party };
  return { key: JSON.stringify([day, party, right]), kind: 'device', party };
}

function groupsOf(
  events: readonly AuditEvent[],
  groupOf: (event: AuditEvent) => Omit<EvidenceGroup, 'events'>,
): readonly EvidenceGroup[] {
  const groups = Map.groupBy(events, (event) => groupOf(event).key);
  return [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [{ ...groupOf(first), events: [first, ...others] as const }],
  );
}
