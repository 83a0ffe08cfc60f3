import type { Party } from '../../client/party/Party.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { readAudit } from '../../client/audit/readAudit.ts';
import { readChart, type Chart } from '../../client/records/readChart.ts';
import { readRecords } from '../../client/records/readRecords.ts';
import type { ChartRecord } from '../../client/records/viewChart.ts';
import { bytesToUtf8 } from '../../crypto/bytes.ts';
import type { Dice } from '../../../proof/simulation/Dice.ts';
import type { Promised } from './Promised.ts';

/** Facts that charts must match. */
export interface ChartsExpected {
  readonly promised: Promised;
  /** Beginning of the text in each sealed file, by its hash. */
  readonly texts: ReadonlyMap<string, string>;
  readonly dice: Dice;
  /** Number of versions of a chart that are read. */
  readonly most: number;
}

/** Number of times that a chart is asked for until it lists what other organisations took. */
const COPYING = 200;
/** Number of times that a version is asked for again that a busy node refused for the moment. */
const READING = 20;

/**
 * Checks that charts list every write that was accepted, once, that each version can be read and has the text that
 * was written, and that audits are complete.
 *
 * @param patients - The patients of the charts.
 * @param expected - The promises; faults are added to it.
 */
export async function checkCharts(
  patients: readonly Party[],
  expected: ChartsExpected,
): Promise<void> {
  const { promised, most } = expected;
  for (let left = COPYING; left >= 0; left--) {
    const charts = await Promise.all(
      patients.map(async (party) => {
        const { handle } = await readPatientState(party);
        return { party, chart: await readChart(party, { handle, purpose: 'PATRQT' }) };
      }),
    );
    const unlisted = new Map(promised.files());
    const faults = charts.flatMap(({ chart }) => strike(unlisted, chart));
    if (unlisted.size > 0 && left > 0) continue;
    faults.push(...[...unlisted.values()].map((place) => `no chart lists ${place}`));
    promised.violations.push(...faults);
    for (const { party, chart } of charts) await readSome(party, chart, expected, most);
    break;
  }
  for (const party of patients) {
    const { logs } = await readAudit(party);
    for (const { log, checkpoint, complete, unchecked } of logs) {
      if (checkpoint === undefined || complete) continue;
      promised.violations.push(`the audit of ${log} is not complete: ${unchecked.join('; ')}`);
    }
  }
}

/** Strikes off what a chart lists; returns what it should not list. */
function strike(unlisted: Map<string, string>, { records }: Chart): string[] {
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const { file, record, version, acknowledgement } of records) {
    const place = `${acknowledgement.log} #${acknowledgement.index}`;
    const known = unlisted.get(file);
    if (known !== undefined && known !== place) faults.push(`${known} is at ${place}`);
    const name = `${record} ${version}`;
    if (seen.has(name)) faults.push(`${place} repeats a version`);
    seen.add(name);
    unlisted.delete(file);
  }
  return faults;
}

async function readSome(
  party: Party,
  chart: Chart,
  { promised, texts, dice }: ChartsExpected,
  most: number,
): Promise<void> {
  let wanted = dice.some(chart.records, most);
  for (let left = READING; wanted.length > 0; left--) {
    const again: ChartRecord[] = [];
    for await (const read of readRecords(party, chart, wanted)) {
      if ('error' in read) {
        if (read.error.retry && left > 0) again.push(read.record);
        else promised.violations.push(read.error.message);
      } else if (texts.get(read.record.file) !== headOf(bytesToUtf8(read.content))) {
        promised.violations.push(`a record says ${headOf(bytesToUtf8(read.content))}`);
      }
    }
    wanted = again;
  }
}

/** Returns the beginning of a text: enough to tell it from all others of a load. */
export function headOf(text: string): string {
  return text.slice(0, 24);
}
