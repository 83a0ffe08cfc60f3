import { ZERO32, type Bytes32 } from '../protocol/ids.ts';
import type { PresentEpoch } from './readEpoch.ts';
import type { RuleEvent } from './RuleEvent.ts';

/** A patient's epochs: the present one with the commitment that it is of, and the commitment that comes next. */
export interface EpochChart extends PresentEpoch {
  /** What replaces the commitment when the next epoch begins, if it was committed anew. */
  readonly next?: { readonly first: number; readonly count: number; readonly root: Bytes32 };
}

/** A chart before the patient's first commitment. */
export const EMPTY_CHART: EpochChart = { epoch: 0, first: 0, count: 0, root: ZERO32 };

/**
 * A patient's epochs after an event, by the contract's own rule: a commitment made later leaves the present epoch
 * as it is, and holds from the next epoch on.
 *
 * @param chart - The epochs before it.
 * @param event - An event of this patient.
 */
export function nextChart(
  chart: EpochChart,
  event: Extract<RuleEvent, { kind: 'EpochsCommitted' | 'EpochAdvanced' }>,
): EpochChart {
  if (event.kind === 'EpochsCommitted') {
    const { first, count, root } = event;
    return chart.epoch === 0
      ? { epoch: 0, first, count, root }
      : { ...chart, next: { first, count, root } };
  }
  const { next, ...present } = chart;
  return next?.first === event.epoch
    ? { epoch: event.epoch, ...next }
    : { ...present, epoch: event.epoch, ...(next && { next }) };
}
