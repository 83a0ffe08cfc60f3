import {
  viewedRecords,
  wholeChartViews,
  writesIn,
  type AuditEvent,
  type Party,
  type ViewedRecord,
  type WrittenVersions,
} from '../../../../src/client/index.ts';

/** Parts of the views of several records in an audit. */
export interface PartsOfViews {
  /** The accepted writes, which tell of what category each record is. */
  readonly writes: WrittenVersions;
  /** The records that a view named, as far as they are known; empty for any other event. */
  readonly recordsOf: (event: AuditEvent) => readonly ViewedRecord[];
  /** True for a view by which somebody read the whole chart, alone or with the next ones. */
  readonly isWhole: (event: AuditEvent) => boolean;
}

/**
 * Finds the parts of an audit's views of several records, of each view once, when its line is drawn: a view may be of a thousand.
 *
 * @param primitives - SHA-256.
 * @param events - Of all logs.
 */
export function partsOfViews(
  primitives: Pick<Party['primitives'], 'sha256'>,
  events: readonly AuditEvent[],
): PartsOfViews {
  const writes = writesIn(events);
  const whole = wholeChartViews(events);
  const known = new Map<AuditEvent, readonly ViewedRecord[]>();
  return {
    writes,
    recordsOf(event) {
      const records = known.get(event) ?? viewedRecords(primitives, event, writes);
      known.set(event, records);
      return records;
    },
    isWhole: (event) => whole.has(event),
  };
}
