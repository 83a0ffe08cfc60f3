import { useCallback, useMemo, useSyncExternalStore } from 'react';
import type { Chart } from '../../../src/client/index.ts';
import type { Category } from '../../../src/protocol/vocabulary.ts';
import { readerOf, type ChartState } from './ChartReader.ts';
import type { Session } from './Session.ts';

/**
 * Opens the records of a chart as long as the screen is shown, and follows what has been opened.
 *
 * @param party - The reader.
 * @param chart - A chart that was released; undefined until then.
 * @param only - Categories that the screen needs, always the same list: every record that is opened is a view.
 * @returns Undefined without a chart.
 */
export function useChartState(
  party: Session['party'],
  chart: Chart | undefined,
  only: readonly Category[],
): ChartState | undefined {
  const reader = useMemo(() => chart && readerOf(party, chart), [party, chart]);
  const follow = useCallback(
    (listener: () => void) => reader?.follow(listener, only) ?? (() => undefined),
    [reader, only],
  );
  return useSyncExternalStore(follow, () => reader?.state());
}
