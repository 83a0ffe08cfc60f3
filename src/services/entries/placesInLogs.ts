import type { EvidenceLog } from '../../log/EvidenceLog.ts';

/** Place of an entry. */
export interface EntryPlace {
  readonly log: EvidenceLog;
  /** From 0. */
  readonly index: number;
}

/**
 * Looks things up in every log of a channel, all of them at once.
 *
 * @param logs - The logs, as an organisation holds them.
 * @param find - Finds the index of each thing in one log, in order; undefined if the log does not have it.
 * @returns For each thing its places, in the order of the logs.
 */
export async function placesInLogs(
  logs: Iterable<EvidenceLog>,
  find: (log: EvidenceLog) => Promise<readonly (number | undefined)[]>,
): Promise<readonly (readonly EntryPlace[])[]> {
  const found = await Promise.all(
    [...logs].map(async (log) => ({ log, indexes: await find(log) })),
  );
  const [first] = found;
  return (first?.indexes ?? []).map((_, i) =>
    found.flatMap(({ log, indexes }) => {
      const index = indexes[i];
      return index === undefined ? [] : [{ log, index }];
    }),
  );
}
