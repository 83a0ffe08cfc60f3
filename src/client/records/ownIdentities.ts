import { MedsealError } from '../../errors/MedsealError.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { isSealedByDevice } from '../../protocol/sensors/isSealedByDevice.ts';
import { CATEGORIES, type Category } from '../../protocol/vocabulary.ts';
import type { Chart } from './readChart.ts';

/** An identity of the patient alone, for the records of a category that were sealed in one epoch. */
export interface OwnIdentity {
  readonly category: Category;
  readonly epoch: number;
  /** `AGE-SECRET-KEY-PQ-1…` */
  readonly identity: string;
}

/**
 * Returns the identities by which any age tool opens the patient's stanza of the records that are on the patient's own chart now,
 * without a node and without evidence; so they do with what is added before the keys turn next. None opens a record of somebody
 * else, or one that is sealed in a later epoch.
 *
 * @param chart - The patient's own chart.
 * @param categories - Categories that are wanted; all if absent.
 * @returns One for each category and epoch of which the chart has a record whose keys were not erased.
 * @throws MedsealError `NOT_FOUND` if the channel has no release key: its records have no such stanza; or if it is another's chart.
 * @example
 * ```ts
 * const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
 * for (const { category, epoch, identity } of ownIdentities(chart, ['laboratory'])) {
 *   console.log(`# ${category}, epoch ${epoch}\n${identity}`);
 * }
 * ```
 */
export function ownIdentities(
  chart: Pick<Chart, 'ownIdentityFor' | 'records'>,
  categories: readonly Category[] = CATEGORIES,
): readonly OwnIdentity[] {
  const { ownIdentityFor, records } = chart;
  if (ownIdentityFor === undefined) throw new MedsealError('NOT_FOUND', { what: 'release key' });
  const wanted = records.filter(
    ({ category, readings }) =>
      categories.includes(category) &&
      !(readings && isSealedByDevice(readings.header) && readings.header.salt === undefined),
  );
  const epochs = Map.groupBy(wanted, ({ category, epoch }) => `${epoch}/${category}`);
  const found = [...epochs.values()].flatMap(([first]) => {
    if (first === undefined) return [];
    const { category, epoch } = first;
    try {
      const identity = ownIdentityFor(epoch, category);
      return identity === undefined ? [] : [{ category, epoch, identity }];
    } catch (error) {
      if (isMedsealError(error, 'RECORD_ERASED')) return [];
      throw error;
    }
  });
  return found.toSorted(
    (left, right) =>
      CATEGORIES.indexOf(left.category) - CATEGORIES.indexOf(right.category) ||
      left.epoch - right.epoch,
  );
}
