import type { ChartRecord } from '../../../src/client/index.ts';

/** Name of a record version among what a device keeps of a chart, such as its titles and dates. */
export function titleKey({ record, version }: Pick<ChartRecord, 'record' | 'version'>): string {
  return `${record}/${version}`;
}
