import type { AuditEvent } from '../../../../../src/client/index.ts';
import type { Handle, LogName } from '../../../../../src/protocol/ids.ts';

/** The patient whose evidence it is. */
export const OWN: Handle = `0x${'11'.repeat(32)}`;

/** Parts of an event that differ from an accepted view of a record. */
export interface EventTold {
  readonly log?: LogName;
  readonly party?: string;
  readonly handle?: Handle;
  readonly purpose?: string;
  readonly at?: number;
  readonly what?: string;
  readonly flag?: string;
  readonly code?: string;
  readonly type?: string;
  readonly fault?: string;
  readonly category?: string;
  readonly record?: string;
  /** The party that began the record that is written. */
  readonly begunBy?: string;
  /** Until when its reader may look again. */
  readonly keep?: number;
  /** The right of a device whose batch it is. */
  readonly grant?: string;
  /** Records of a view of several; `hidden` is one that no node named. */
  readonly pairs?: readonly string[];
  /** Places of those that were left out. */
  readonly left?: readonly number[];
  /** Number of records of a view of several. */
  readonly count?: number;
}

/**
 * Makes an event of an audit, as far as grouping looks at it.
 *
 * @param told - Parts that differ.
 * @param index - Its place in its log.
 */
export function eventToGroup(told: EventTold, index: number): AuditEvent {
  const { party = 'aa', handle = OWN, purpose = 'TREAT', what = 'record', type = 'View' } = told;
  const { at = 0, flag = 'A', code, left, count = told.pairs?.length, keep } = told;
  const { category, record = 'r1', begunBy = party, log = 'care/hospital' } = told;
  const target = { record, version: 1, category, begunBy, about: `0x${'00'.repeat(32)}` };
  const message = { handle, purpose, what, action: what, keep, count, ...target };
  const readings = told.grant === undefined ? {} : { readings: { header: { grant: told.grant } } };
  const body = { flag, at, code, left, request: { type, party, message }, ...readings };
  const pairs = told.pairs?.map((name) =>
    name === 'hidden' ? { leaf: '0x00' } : { record: name, version: 1 },
  );
  const fault = told.fault === undefined || told.fault === '' ? {} : { fault: told.fault };
  return { log, index, entry: '0x00', body, ...(pairs && { pairs }), ...fault } as never;
}
