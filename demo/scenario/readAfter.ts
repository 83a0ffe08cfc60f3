import type { Party } from '../../src/client/party/Party.ts';
import { readChart, type Chart } from '../../src/client/records/readChart.ts';
import type { ChartWanted } from '../../src/client/records/viewChart.ts';
import type { LogPlace } from '../../src/protocol/AgentPort.ts';

/** Number of times that a chart is read until it has what was written at another organisation; each waits some seconds. */
const MOST_READS = 6;

/**
 * Reads a chart with what was written at another organisation: the reader's node may not have its copy yet.
 *
 * @param party - The reader.
 * @param wanted - Chart, and right to rely on.
 * @param after - Entries that the chart must show.
 * @throws MedsealError as `readChart` does: `RIGHT_MISSING`, `RIGHT_ENDED`, `EVIDENCE_INVALID`.
 */
export async function readAfter(
  party: Party,
  wanted: ChartWanted,
  after: readonly LogPlace[],
): Promise<Chart> {
  let chart = await readChart(party, { ...wanted, after });
  for (let reads = 1; reads < MOST_READS && chart.behind.length > 0; reads++) {
    chart = await readChart(party, { ...wanted, after });
  }
  return chart;
}
