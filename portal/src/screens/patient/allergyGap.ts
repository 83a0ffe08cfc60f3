import { isErasedIn, type Chart } from '../../../../src/client/index.ts';
import { CATEGORIES, type Category } from '../../../../src/protocol/vocabulary.ts';
import type { ChartState } from '../chart/ChartReader.ts';

/**
 * Says why allergies may be missing.
 *
 * @param state - The records of a chart that were opened.
 * @param chart - The chart.
 * @returns Undefined if all that the chart has were read, or its evidence shows that they were erased.
 */
export function allergyGap(
  { left, large, failures, error }: Pick<ChartState, 'left' | 'large' | 'failures' | 'error'>,
  chart: Pick<Chart, 'grant' | 'openerFor'>,
): 'chart.banner-uncovered' | 'chart.banner-partly' | 'chart.still-reading' | undefined {
  const covered = chart.grant?.terms.categories ?? CATEGORIES;
  if (!covered.includes('allergies')) return 'chart.banner-uncovered';
  const isUnread = failures.some(({ record }) => isAllergy(record) && !isErasedIn(chart, record));
  if (isUnread || large.some(isAllergy)) return 'chart.banner-partly';
  if (!left.some(isAllergy)) return undefined;
  return error === undefined ? 'chart.still-reading' : 'chart.banner-partly';
}

function isAllergy({ category }: { readonly category: Category }): boolean {
  return category === 'allergies';
}
