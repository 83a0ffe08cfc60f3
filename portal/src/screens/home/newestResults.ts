import type { ArrangedChart } from '../../fhir/ArrangedChart.ts';
import type { Series } from '../../fhir/measurementsOf.ts';
import { latestVitals, type LatestVital } from '../chart/latestVitals.ts';

const DAY = 24 * 3600 * 1000;

/** The newest value of something that was measured, with those before it. */
export interface NewestResult extends LatestVital {
  /** Of its first part. */
  readonly series: Series;
}

/**
 * The newest values among vital signs and results: those of the last day first, of each day those out of their range, then those
 * that were measured most often.
 *
 * @param arranged - The chart.
 * @param most - Number of them, at most.
 */
export function newestResults(
  { vitals, results }: Pick<ArrangedChart, 'vitals' | 'results'>,
  most: number,
): readonly NewestResult[] {
  const all = [...vitals, ...results];
  const seriesOf = new Map(
    all.flatMap((each) => each.points.map((point) => [point, each] as const)),
  );
  return latestVitals(all)
    .flatMap((latest): readonly NewestResult[] => {
      const series = latest.parts[0] && seriesOf.get(latest.parts[0]);
      return series === undefined ? [] : [{ ...latest, series }];
    })
    .toSorted(
      (left, right) =>
        dayOf(right) - dayOf(left) ||
        oddIn(right) - oddIn(left) ||
        right.series.points.length - left.series.points.length,
    )
    .slice(0, most);
}

function dayOf({ when }: LatestVital): number {
  return when === undefined ? Number.MIN_SAFE_INTEGER : Math.floor(when.at / DAY);
}

/** Number of parts that are out of their range. */
function oddIn({ parts }: LatestVital): number {
  return parts.filter(({ flag }) => flag !== undefined && flag.direction !== 'none').length;
}
