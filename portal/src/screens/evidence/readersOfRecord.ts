import type { AuditEvent } from '../../../../src/client/index.ts';
import type { Address, RecordId } from '../../../../src/protocol/ids.ts';
import { kindOfEvent } from './kindOfEvent.ts';
import { versionsOfEvent } from './actsInGroup.ts';

/** Somebody who read a record. */
export interface ReaderOfRecord {
  readonly party: Address;
  /** Number of views that released it; of a document and its file, those of whichever was read more often. */
  readonly times: number;
  /** The last of them, Unix seconds. */
  readonly last: number;
}

/**
 * Finds who read a record, by itself or among several; whoever was refused did not.
 *
 * @param events - Of an audit.
 * @param ofOne - The record in any of its versions, and its file if it has one.
 * @param own - The patient, who is left out.
 * @returns The newest reader first.
 */
export function readersOfRecord(
  events: readonly AuditEvent[],
  ofOne: readonly RecordId[],
  own: Address,
): readonly ReaderOfRecord[] {
  const views = events.flatMap((event) => {
    const { body, fault } = event;
    if (body === undefined || fault !== undefined || kindOfEvent(event) !== 'looked') return [];
    const { party } = body.request;
    if (party === own) return [];
    const read = new Set(versionsOfEvent(event).map(({ record }) => record));
    return ofOne
      .filter((record) => read.has(record))
      .map((record) => ({ party, record, at: body.at }));
  });
  const byParty = Map.groupBy(views, ({ party }) => party);
  const readers = [...byParty].map(([party, all]) => ({
    party,
    times: Math.max(
      ...[...Map.groupBy(all, ({ record }) => record).values()].map((each) => each.length),
    ),
    last: Math.max(...all.map(({ at }) => at)),
  }));
  return readers.toSorted((left, right) => right.last - left.last);
}
