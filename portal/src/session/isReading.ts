import type { Category } from '../../../src/protocol/vocabulary.ts';
import type { ChartState } from './ChartReader.ts';

/**
 * Tells whether records of some categories are still being opened.
 *
 * @param state - State of a chart’s reader.
 * @param only - The categories.
 */
export function isReading(
  { left, error }: Pick<ChartState, 'left' | 'error'>,
  only: readonly Category[],
): boolean {
  return error === undefined && left.some(({ category }) => only.includes(category));
}
