import type { ChartRecord } from '../../../src/client/index.ts';
import { ZERO32 } from '../../../src/protocol/ids.ts';

/** The records that a list shows: an objection stands with the record that it is about. */
export function withoutObjections(records: readonly ChartRecord[]): readonly ChartRecord[] {
  return records.filter(({ about }) => about === ZERO32);
}
