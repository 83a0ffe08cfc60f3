import type { AuditEvent } from './Audit.ts';

/** Characters of the lines that a device keeps to show: about four thousand lines. */
const MOST = 4 * 2 ** 20;

/**
 * Chooses the lines that a device keeps to show at once: the newest that fit. Writes and erasures come first, as they say
 * what the views were of; lines of devices come last, as one wearable has thousands a day.
 *
 * @param events - Of all logs of an audit.
 * @returns Those that are kept, in the order in which they were given.
 */
export function newestLines(events: readonly AuditEvent[]): readonly AuditEvent[] {
  const byAge = events
    .map((event, place) => ({ event, place, at: event.body?.at ?? 0 }))
    .toSorted((one, other) => {
      const kinds = rankOf(one.event) - rankOf(other.event);
      return kinds === 0 ? other.at - one.at : kinds;
    });
  const places = new Set<number>();
  let left = MOST;
  for (const { event, place } of byAge) {
    left -= JSON.stringify(event).length;
    if (left < 0) break;
    places.add(place);
  }
  return events.filter((_, place) => places.has(place));
}

function rankOf({ body }: AuditEvent): number {
  if (body?.readings !== undefined) return 2;
  return body?.request.type === 'Write' || body?.request.type === 'Erase' ? 0 : 1;
}
