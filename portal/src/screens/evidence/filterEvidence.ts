import type { AuditEvent } from '../../../../src/client/index.ts';
import type { Address, Handle } from '../../../../src/protocol/ids.ts';
import { dayOfMoment } from './dayOfMoment.ts';
import { kindOfEvent, type ActKind } from './kindOfEvent.ts';
import { namelessKind } from './namelessKind.ts';

/** The events that a person wants to see. */
export interface EvidenceFilter {
  /** `others`: everybody but the person; `all`: everybody; else an address. */
  readonly who: string;
  readonly kind: ActKind | 'all';
  /** First day, as a field for dates has it; empty for any. */
  readonly from: string;
  /** Last day. */
  readonly to: string;
}

/** The acts of others, of any kind and day. */
export const OTHERS: EvidenceFilter = { who: 'others', kind: 'all', from: '', to: '' };

/** The person who looks, and the patient whose evidence it is. */
export interface FilteringOf {
  readonly own: Address;
  readonly handle: Handle;
}

/**
 * Returns the events that a person wants to see. Those under nobody's name, not proven, about another patient or without text,
 * belong to nobody, to no kind and to no day: they stay unless somebody asks for one person, kind or day.
 *
 * @param events - Of all logs.
 * @param filter - The person's choice.
 * @param of - The person, and the patient.
 */
export function filterEvidence(
  events: readonly AuditEvent[],
  { who, kind, from, to }: EvidenceFilter,
  { own, handle }: FilteringOf,
): readonly AuditEvent[] {
  const isAny = who === 'others' || who === 'all';
  const isAnyDay = from === '' && to === '';
  return events.filter((event) => {
    const { body } = event;
    if (body === undefined || namelessKind(event, handle) !== undefined) {
      return isAny && kind === 'all' && isAnyDay;
    }
    if (kind !== 'all' && kindOfEvent(event) !== kind) return false;
    const { party } = body.request;
    if (isAny ? who === 'others' && party === own : party !== who) return false;
    if (isAnyDay) return true;
    const day = dayOfMoment(body.at);
    return (from === '' || day >= from) && (to === '' || day <= to);
  });
}

/**
 * Counts the events of each kind that a choice would show; none of those under nobody's name.
 *
 * @param events - Of all logs.
 * @param filter - The person's choice; its kind does not matter.
 * @param of - The person, and the patient.
 */
export function countKinds(
  events: readonly AuditEvent[],
  filter: EvidenceFilter,
  of: FilteringOf,
): ReadonlyMap<ActKind | undefined, number> {
  const ofAnyKind = filterEvidence(events, { ...filter, kind: 'all' }, of).filter(
    (event) => namelessKind(event, of.handle) === undefined,
  );
  const byKind = Map.groupBy(ofAnyKind, kindOfEvent);
  return new Map([...byKind].map(([kind, { length }]) => [kind, length]));
}
