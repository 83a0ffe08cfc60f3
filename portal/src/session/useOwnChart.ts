import { useEffect, useSyncExternalStore } from 'react';
import type { Audit, Chart } from '../../../src/client/index.ts';
import type { Category } from '../../../src/protocol/vocabulary.ts';
import { readerOf, type ChartState } from './ChartReader.ts';
import { chartsRound, followCharts, ownChart } from './charts.ts';
import { isReading } from './isReading.ts';
import { newerWrites } from './newerWrites.ts';
import { keepReading } from './ownReading.ts';
import type { Session } from './Session.ts';
import { useChartState } from './useChartState.ts';
import { useTask, type Task } from './useTask.ts';

/** A patient's own chart, and what of it is open. */
export interface OwnChart {
  readonly chart: Chart;
  readonly state: ChartState;
  /** Goes on after a failure. */
  readonly goOn: () => void;
}

/** Writes for which each patient's list was asked for again: one that no list ever has is not asked for twice. */
const asked = new WeakMap<Session['party'], Set<string>>();

/**
 * Opens a patient's own records in the background, once in a session: it goes on behind other screens until the page locks, and
 * what was opened is nowhere but in memory. Records that come later are opened as the audit tells of them.
 *
 * @param session - The patient.
 * @param only - Categories that the screen needs, always the same list.
 * @param audit - The newest audit, once there is one.
 * @param before - Waited for before anything is asked.
 */
export function useOwnChart(
  session: Session,
  only: readonly Category[],
  audit: Audit | undefined,
  before?: (party: Session['party']) => Promise<void>,
): Task<OwnChart> {
  const { party } = session;
  const round = useSyncExternalStore(followCharts, chartsRound);
  const found = useTask(async () => {
    await before?.(party);
    return await ownChart(session);
  }, [session]);
  const { again } = found;
  const chart = found.state === 'done' ? found.value : undefined;
  const state = useChartState(party, chart, only);
  useEffect(again, [round, again]);
  useEffect(() => {
    if (chart === undefined) return;
    const reader = readerOf(party, chart);
    keepReading(party, {
      end: reader.follow(() => undefined, only),
      isBusy: () => isReading(reader.state(), only),
    });
  }, [party, chart, only]);
  useEffect(() => {
    if (chart === undefined || audit === undefined) return;
    const before = asked.get(party) ?? new Set();
    asked.set(party, before);
    const newer = newerWrites(audit, chart).filter((name) => !before.has(name));
    if (newer.length === 0) return;
    for (const name of newer) before.add(name);
    ownChart(session, true).catch(() => {
      // The next audit tells of them again.
      for (const name of newer) before.delete(name);
    });
  }, [session, party, chart, audit]);
  if (found.state !== 'done') return found;
  const { value } = found;
  const goOn = (): void => readerOf(party, value).again();
  if (state === undefined) return { state: 'working', again };
  return { state: 'done', value: { chart: value, state, goOn }, again };
}
