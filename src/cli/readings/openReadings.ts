import { batchesOnChart, type DeviceBatches } from '../../client/devices/batchesOnChart.ts';
import type { ReadingsWanted } from '../../client/devices/streamReadings.ts';
import type { Chart } from '../../client/records/readChart.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { findPatient } from '../contact/findContact.ts';
import { findDevice } from '../device/findDevice.ts';
import { openVisitor, type Visitor } from '../home/openVisitor.ts';
import { openChart } from '../record/chart.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { READINGS } from './readingsOptions.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';

/** Options of all verbs about readings. */
export type ReadingsOptions = VisitorOptions & OptionsOf<typeof READINGS>;

/** The readings of a chart that were asked for. */
export interface ReadingsFound {
  readonly visitor: Visitor;
  readonly chart: Chart;
  readonly wanted: ReadingsWanted;
  /** The devices, with their batches in that span alone. */
  readonly devices: readonly DeviceBatches[];
}

/**
 * Asks for a chart, and finds the batches of readings that were asked for; none is opened.
 *
 * @param terminal - Asks for the passphrase.
 * @param options - Chart, device and span of time.
 * @throws MedsealError `ARGUMENT_INVALID` if the span ends before it begins, or the chart has no such device.
 */
export async function openReadings(
  terminal: Terminal,
  options: ReadingsOptions,
): Promise<ReadingsFound> {
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  const now = party.clock.now();
  const { last } = options;
  const from = last === undefined ? (options.from ?? 0) * 1000 : now - last * 1000;
  const until = options.until === undefined ? Infinity : options.until * 1000;
  if (until <= from) {
    throw new MedsealError('ARGUMENT_INVALID', {
      argument: '--until',
      reason: 'must be later than --from',
    });
  }
  const patient = await findPatient(visitor, options.patient);
  terminal.progress.stage('asking for the chart');
  const chart = await openChart(visitor, patient, options);
  const all = batchesOnChart(party, chart);
  const known = all.map(({ device }) => device);
  const device =
    options.device === undefined ? undefined : findDevice(party, options.device, known);
  const devices = all
    .filter((each) => device === undefined || each.device === device)
    .map((each) => ({
      device: each.device,
      batches: each.batches.filter(({ start, end }) => end >= from && start < until),
    }))
    .filter(({ batches }) => batches.length > 0);
  return { visitor, chart, wanted: { from, until, ...(device && { device }) }, devices };
}
