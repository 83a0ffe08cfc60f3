import { viewedRecords, writesIn, type AuditEvent, type Party } from '../../src/client/index.ts';
import { askedView } from '../../src/protocol/evidence/askedView.ts';
import type { RecordId } from '../../src/protocol/ids.ts';

/**
 * Returns the records that accepted views of an audit opened: of a view of several each of them.
 *
 * @param party - The patient.
 * @param events - Of all logs.
 */
export function openedRecords(
  { primitives }: Pick<Party, 'primitives'>,
  events: readonly AuditEvent[],
): readonly { readonly who: string; readonly record: RecordId }[] {
  const writes = writesIn(events);
  return events.flatMap((event) => {
    const { body } = event;
    if (body?.flag !== 'A') return [];
    const who = body.request.party;
    const alone = askedView(body.request);
    if (alone !== undefined) return alone.what === 'record' ? [{ who, record: alone.record }] : [];
    const seen = viewedRecords(primitives, event, writes).filter((each) => each.isAccepted);
    return seen.map(({ record }) => ({ who, record }));
  });
}
