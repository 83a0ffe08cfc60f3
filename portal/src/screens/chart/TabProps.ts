import type { Chart, ChartRecord, Party } from '../../../../src/client/index.ts';
import type { Category } from '../../../../src/protocol/vocabulary.ts';
import type { Session } from '../../session/Session.ts';
import type { ChartState } from '../../session/ChartReader.ts';

/** Properties of each part of the chart’s screen. */
export interface TabProps {
  readonly session: Session;
  readonly party: Party;
  readonly chart: Chart;
  readonly state: ChartState;
  /** Categories that the right covers. */
  readonly covered: readonly Category[];
  /** Called when somebody opened a record by itself. */
  readonly onOpened: (record: ChartRecord, content: Uint8Array) => Promise<void>;
  /** True while the page is printed: nothing is folded or left out. */
  readonly printing: boolean;
}
