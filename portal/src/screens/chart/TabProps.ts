import type { Chart, Party } from '../../../../src/client/index.ts';
import type { Category } from '../../../../src/protocol/vocabulary.ts';
import type { ChartState } from './ChartReader.ts';

/** Properties of each part of the chart’s screen. */
export interface TabProps {
  readonly party: Party;
  readonly chart: Chart;
  readonly state: ChartState;
  /** Categories that the right covers. */
  readonly covered: readonly Category[];
  /** True while the page is printed: nothing is folded or left out. */
  readonly printing: boolean;
}
