import type { AuditEvent } from '../../client/audit/Audit.ts';
import type { Body } from '../../protocol/evidence/evidence.ts';
import type { RecordId } from '../../protocol/ids.ts';
import type { Write } from '../../protocol/struct/requests.ts';

/**
 * Tells what became of writes that were refused because the patient's keys had turned: a batch of readings keeps its id when it
 * is sealed again, so it shows that nothing is lost.
 *
 * @param events - All events of the audit.
 * @returns Gives for the body of an event the words behind it; none for any other event.
 */
export function enteredAfterwards(
  events: readonly Pick<AuditEvent, 'log' | 'index' | 'body'>[],
): (body: Body) => string {
  const places = new Map<RecordId, string>();
  for (const { log, index, body } of events) {
    const write = body?.flag === 'A' ? newRecordIn(body) : undefined;
    if (write !== undefined) places.set(write.record, `${log} #${index}`);
  }
  return (body) => {
    const write = newRecordIn(body);
    if (write === undefined || body.flag !== 'R' || body.code !== 'EPOCH_STALE') return '';
    const place = places.get(write.record);
    const why = '; the keys had turned meanwhile';
    return place === undefined ? why : `${why}, and it was sealed again and entered: ${place}`;
  };
}

function newRecordIn({ request: { type, message } }: Body): Write | undefined {
  return type === 'Write' && (message as Write).action === 'add' ? (message as Write) : undefined;
}
