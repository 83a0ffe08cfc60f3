import type { RecordId } from '../protocol/ids.ts';
import type { PartContent } from './Part.ts';

/**
 * Writes into part 0 which record each part is, so that no other record that claims to be one is taken for it. Whoever
 * amends the whole does so once the records of the new parts are known, and seals part 0 last. Other parts stay as they
 * are.
 *
 * @param content - A part as `amendBundle` gives it.
 * @param records - Records by the number of the part. Records that part 0 named before stay.
 */
export function nameRecords(
  content: PartContent,
  records: ReadonlyMap<number, RecordId>,
): PartContent {
  const { whole } = content;
  if (whole === undefined) return content;
  const { order, editions = [], records: before = [] } = whole;
  const count = order.reduce((most, part) => Math.max(most, part + 1), editions.length);
  const named = Array.from(
    { length: Math.max(count, before.length, 1) },
    (_, part) => before[part] ?? records.get(part) ?? null,
  );
  return { ...content, whole: { ...whole, records: named } };
}
