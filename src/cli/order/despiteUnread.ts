import type { ChartRecord } from '../../client/records/viewChart.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { describeUnreadRecords } from './describeOrder.ts';

/**
 * Requires that the visitor chose to go on although records cannot be read that may belong to an order.
 *
 * @param unread - The records.
 * @param despite - True if `--despite-unread` was given.
 * @throws MedsealError `ORDER_CLOSED`.
 */
export function requireDespite(unread: readonly ChartRecord[], despite = false): void {
  if (unread.length === 0 || despite) return;
  const how = `${unread.length} records that may be its reports or results cannot be read now; try again later, or go on with --despite-unread`;
  throw new MedsealError('ORDER_CLOSED', { how });
}

/**
 * Names the records that cannot be read, above what is signed.
 *
 * @param unread - The records.
 * @param nameOf - Names a party.
 */
export function despiteLines(
  unread: readonly ChartRecord[],
  nameOf: (word: string) => string,
): readonly string[] {
  if (unread.length === 0) return [];
  return [
    '  although these records, which may be reports or results of it, could not be read:',
    ...describeUnreadRecords(unread, nameOf).map((line) => `    ${line}`),
  ];
}
