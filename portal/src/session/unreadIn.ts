import { isErasedIn, type Chart } from '../../../src/client/index.ts';
import { CATEGORIES, type Category } from '../../../src/protocol/vocabulary.ts';
import type { ChartState } from './ChartReader.ts';

/**
 * Says why something of these categories may be missing.
 *
 * @param wanted - Categories.
 * @param state - The records of a chart that were opened.
 * @param chart - The chart.
 * @returns Undefined if all that the chart has of them were read, or its evidence shows that they were erased.
 */
export function unreadIn(
  wanted: readonly Category[],
  { left, large, failures, error }: Pick<ChartState, 'left' | 'large' | 'failures' | 'error'>,
  chart: Pick<Chart, 'grant' | 'openerFor'>,
): 'chart.banner-uncovered' | 'chart.banner-partly' | 'chart.still-reading' | undefined {
  const covered = chart.grant?.terms.categories ?? CATEGORIES;
  if (!wanted.every((category) => covered.includes(category))) return 'chart.banner-uncovered';
  const isWanted = ({ category }: { readonly category: Category }): boolean =>
    wanted.includes(category);
  const isUnread = failures.some(({ record }) => isWanted(record) && !isErasedIn(chart, record));
  if (isUnread || large.some(isWanted)) return 'chart.banner-partly';
  if (!left.some(isWanted)) return undefined;
  return error === undefined ? 'chart.still-reading' : 'chart.banner-partly';
}
