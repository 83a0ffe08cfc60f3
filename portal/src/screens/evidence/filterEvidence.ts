import type { AuditEvent } from '../../../../src/client/index.ts';
import type { Address } from '../../../../src/protocol/ids.ts';
import { dayOfMoment } from './dayOfMoment.ts';
import { kindOfEvent, type ActKind } from './kindOfEvent.ts';

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

/**
 * Returns the events that a person wants to see. Those under nobody's name, not proven or without text, belong to nobody and
 * to no day: they stay unless somebody asks for one person, kind or day.
 *
 * @param events - Of all logs.
 * @param filter - The person's choice.
 * @param own - The person.
 */
export function filterEvidence(
  events: readonly AuditEvent[],
  { who, kind, from, to }: EvidenceFilter,
  own: Address,
): readonly AuditEvent[] {
  const isAny = who === 'others' || who === 'all';
  return events.filter((event) => {
    if (kind !== 'all' && kindOfEvent(event) !== kind) return false;
    const { body, fault } = event;
    if (body === undefined || fault !== undefined) return isAny && from === '' && to === '';
    const { party } = body.request;
    if (isAny ? who === 'others' && party === own : party !== who) return false;
    if (from === '' && to === '') return true;
    const day = dayOfMoment(body.at);
    return (from === '' || day >= from) && (to === '' || day <= to);
  });
}
