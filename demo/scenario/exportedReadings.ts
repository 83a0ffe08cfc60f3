import { readAudit } from '../../src/client/audit/readAudit.ts';
import { viewedRecords, writesIn } from '../../src/client/audit/viewedRecords.ts';
import { batchesOnChart, type DeviceBatches } from '../../src/client/devices/batchesOnChart.ts';
import { readingsToCsv } from '../../src/client/devices/readingsToCsv.ts';
import { readingsToFhir } from '../../src/client/devices/readingsToFhir.ts';
import { streamReadings, type DeviceBatch } from '../../src/client/devices/streamReadings.ts';
import { fetchVersion } from '../../src/client/records/fetchVersion.ts';
import { readChart, type Chart } from '../../src/client/records/readChart.ts';
import { grantRight, type GrantGiven } from '../../src/client/rights/grantRight.ts';
import { bytesToUtf8 } from '../../src/crypto/bytes.ts';
import { collectBytes } from '../../src/crypto/sealing/collectBytes.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import type { LogPlace } from '../../src/protocol/AgentPort.ts';
import { askedView } from '../../src/protocol/evidence/askedView.ts';
import type { Address, Handle } from '../../src/protocol/ids.ts';
import type { Grant } from '../../src/protocol/struct/requests.ts';
import type { CastMember } from './Cast.ts';
import { readAfter } from './readAfter.ts';
import { SENSOR_PAPER } from './signedReadings.ts';
import { stepOf } from './stepOf.ts';
import type { StepRunner } from './StepRunner.ts';

/** Longer than all times of batches. */
const EVER = { from: -Infinity, until: Infinity } as const;
/** Each export opens each batch. */
const EXPORTS = 2;

/** A device's readings on a chart, and those around them. */
export interface ReadingsScenario {
  readonly patient: CastMember;
  readonly doctor: CastMember;
  readonly pharmacist: CastMember;
  readonly device: Address;
  readonly handle: Handle;
  /** The doctor's right to read them. */
  readonly grant: Grant;
  /** Numbers of batches and of readings that must be there, a gap and a clone's batch among them. */
  readonly expected: { readonly batches: number; readonly readings: number };
}

/**
 * Has a doctor list the readings and export them as CSV and as FHIR, and the patient find a view for each batch that was
 * opened. Nobody else exports them: not a pharmacist without a right, nor by a right to medicines.
 *
 * @param runner - Does and notes the steps.
 * @param scenario - Readings, and those around them.
 * @param after - Entries that the list must show.
 * @returns The chart as the doctor listed it, and the pharmacist's right.
 */
export async function exportReadings(
  runner: StepRunner,
  scenario: ReadingsScenario,
  after: readonly LogPlace[],
): Promise<{ readonly chart: Chart; readonly other: GrantGiven }> {
  const { doctor, device, handle, grant, expected } = scenario;
  const { party } = doctor;
  const wanted = { handle, grant, purpose: 'TREAT' } as const;
  const { chart, listed } = await runner.accepted(
    stepOf(
      'The doctor lists the readings: the gap and the clone show, and nothing is opened',
      SENSOR_PAPER,
      doctor,
    ),
    async () => {
      const found = await readAfter(party, wanted, after);
      const batches = ownBatches(scenario, found);
      const gaps = batches.filter(({ gap }) => gap);
      const forked = batches.filter((each) => each.forked);
      const counts = [batches.length, gaps.length, forked.length].join();
      requireCounts('batches, gaps, forks', counts, `${expected.batches},1,2`);
      const detail = `${batches.length} batches, one gap, two batches with the same numbers`;
      return { value: { chart: found, listed: batches }, detail };
    },
  );
  const opened = (): AsyncGenerator<DeviceBatch> =>
    streamReadings(party, chart, { ...EVER, device });
  await runner.accepted(
    stepOf('The doctor exports them as CSV', SENSOR_PAPER, doctor),
    async () => {
      const text = bytesToUtf8(await collectBytes(readingsToCsv(opened())));
      // The first line names the columns, and the last one ends with a line break too.
      const rows = text.split('\r\n').length - 2;
      requireCounts('rows', String(rows), String(expected.readings));
      return { value: undefined, detail: `${rows} rows, ${text.length} bytes` };
    },
  );
  await runner.accepted(
    stepOf('The doctor exports them as a FHIR bundle', SENSOR_PAPER, doctor),
    async () => {
      const text = bytesToUtf8(await collectBytes(readingsToFhir(party, handle, opened())));
      const { entry } = JSON.parse(text) as { entry: { resource: { resourceType: string } }[] };
      const isOf = (type: string): number =>
        entry.filter(({ resource }) => resource.resourceType === type).length;
      const counts = [isOf('Device'), isOf('Observation')];
      requireCounts('devices, observations', counts.join(), `1,${expected.readings}`);
      return { value: undefined, detail: `1 Device and ${counts[1]} Observations` };
    },
  );
  await viewsInAudit(runner, scenario, listed);
  const other = await denials(runner, scenario, listed, after);
  return { chart, other };
}

/**
 * Has the doctor try the same again once the right ended, also with the list of before.
 *
 * @param runner - Does and notes the steps.
 * @param scenario - Readings, and those around them.
 * @param chart - The chart as the doctor listed it before.
 */
export async function exportAfterEnd(
  runner: StepRunner,
  { doctor, device, handle, grant }: ReadingsScenario,
  chart: Chart,
): Promise<void> {
  const { party } = doctor;
  await runner.refused(
    stepOf('The doctor lists the readings after that', SENSOR_PAPER, doctor),
    ['RIGHT_ENDED'],
    async () => await readChart(party, { handle, grant, purpose: 'TREAT' }),
  );
  await runner.refused(
    stepOf('The doctor exports them by the list of before', SENSOR_PAPER, doctor),
    ['RIGHT_ENDED'],
    async () => {
      for await (const { batch } of streamReadings(party, chart, { ...EVER, device })) {
        if ('error' in batch) throw batch.error;
      }
    },
  );
}

/** The patient finds who opened which batch, and how often. */
async function viewsInAudit(
  runner: StepRunner,
  { patient, doctor }: ReadingsScenario,
  listed: DeviceBatches['batches'],
): Promise<void> {
  await runner.accepted(
    stepOf('The patient finds a view for each batch of each export', SENSOR_PAPER, patient),
    async () => {
      const { logs } = await readAudit(patient.party);
      const views = new Map(listed.map(({ record }) => [record.record, 0]));
      const events = logs.flatMap((log) => log.events);
      const writes = writesIn(events);
      for (const event of events) {
        const { body } = event;
        if (body?.flag !== 'A' || body.request.party !== doctor.party.address) continue;
        const alone = askedView(body.request);
        const seen = viewedRecords(patient.party.primitives, event, writes);
        const records = seen.filter(({ isAccepted }) => isAccepted);
        for (const { record } of alone === undefined ? records : [alone]) {
          const count = views.get(record);
          if (count !== undefined) views.set(record, count + 1);
        }
      }
      const counts = new Set(views.values());
      requireCounts('views of a batch', [...counts].join(), String(EXPORTS));
      return { value: undefined, detail: `${EXPORTS} views of each of ${views.size} batches` };
    },
  );
}

/** A pharmacist asks without a right, and opens a batch by a right to another category. */
async function denials(
  runner: StepRunner,
  { patient, pharmacist, device, handle, grant }: ReadingsScenario,
  [first]: DeviceBatches['batches'],
  after: readonly LogPlace[],
): Promise<GrantGiven> {
  const { party } = pharmacist;
  await runner.refused(
    stepOf('A pharmacist lists the readings by the doctor’s right', SENSOR_PAPER, pharmacist),
    ['RIGHT_MISSING'],
    async () => await readChart(party, { handle, grant, purpose: 'TREAT' }),
  );
  const other = await runner.accepted(
    stepOf('The patient lets the pharmacist read medicines', SENSOR_PAPER, patient),
    async () => {
      const given = await grantRight(patient.party, {
        grantee: party.address,
        categories: ['medications'],
        actions: ['read'],
        purpose: 'TREAT',
        until: grant.terms.until,
      });
      return { value: given, txHash: given.placed.transaction };
    },
  );
  const wanted = { handle, grant: other.grant, purpose: 'TREAT' } as const;
  await runner.accepted(
    stepOf('The pharmacist lists what that right covers', SENSOR_PAPER, pharmacist),
    async () => {
      const found = ownBatches({ pharmacist, device }, await readAfter(party, wanted, after));
      requireCounts('batches', String(found.length), '0');
      return { value: undefined, detail: 'no readings' };
    },
  );
  await runner.refused(
    stepOf('The pharmacist exports a batch by it', SENSOR_PAPER, pharmacist),
    ['RIGHT_MISSING'],
    async () => {
      if (first === undefined) throw new MedsealError('NOT_FOUND', { what: 'batch' });
      await fetchVersion(party, wanted, first.record);
    },
  );
  return other;
}

function ownBatches(
  { pharmacist, device }: Pick<ReadingsScenario, 'pharmacist' | 'device'>,
  chart: Chart,
): DeviceBatches['batches'] {
  const devices = batchesOnChart(pharmacist.party, chart);
  return devices.find((each) => each.device === device)?.batches ?? [];
}

function requireCounts(what: string, found: string, expected: string): void {
  if (found !== expected) {
    throw new MedsealError('EVIDENCE_INVALID', { reason: `${what}: ${found}` });
  }
}
