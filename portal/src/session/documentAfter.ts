import type { Chart, ChartRecord } from '../../../src/client/index.ts';

/**
 * Finds the one record that may present another as its file, see `presentedFile`: the next that its author added, on the same
 * log.
 *
 * @param chart - The chart that lists both.
 * @param file - A version of the file.
 * @returns The first version of the document; undefined if nothing was added after the file.
 */
export function documentAfter(
  { records }: Pick<Chart, 'records'>,
  file: Pick<ChartRecord, 'record'>,
): ChartRecord | undefined {
  const begun = records.filter(({ version }) => version === 1);
  const first = begun.find(({ record }) => record === file.record);
  if (first === undefined) return undefined;
  const { log, index } = first.acknowledgement;
  return begun
    .filter(({ author, acknowledgement: { log: on, index: at } }) => {
      return author === first.author && on === log && at > index;
    })
    .toSorted((left, right) => left.acknowledgement.index - right.acknowledgement.index)[0];
}
