import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { BEGIN, behind, type TestNetwork } from '../../node/test/testNetwork.ts';
import { exactJson } from '../../fhir/exactJson.ts';
import { bundleOfReadings } from '../../fhir/sensors/bundleOfReadings.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { readingsRoot } from '../../protocol/sensors/readingsRoot.ts';
import { signatory } from '../../protocol/test/sampleNetwork.ts';
import { signedReadings } from '../../protocol/test/sampleReadings.ts';
import type { Party } from '../party/Party.ts';
import { readChart, type Chart } from '../records/readChart.ts';
import { lyingTo } from '../test/lyingTo.ts';
import { startWithDevice } from '../test/startWithDevice.ts';
import { formatEvidenceFile } from '../../protocol/evidence/parseEvidenceFile.ts';
import { verifyReading } from '../../protocol/sensors/verifyReading.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { addReadings } from './addReadings.ts';
import type { DeviceBound } from './bindDevice.ts';
import { proveReading } from './proveReading.ts';
import { readReadings, type DeviceReadings, type OpenedBatches } from './readReadings.ts';

const sensor = signatory('wrist band');
const START = BEGIN * 1000;
let network: TestNetwork;
let patient: Party;
let gateway: Party;
let bound: DeviceBound;

before(async () => {
  const device = { address: sensor.address, model: 'Wrist' };
  ({ network, patient, gateway, bound } = await startWithDevice({ device, epochs: 8 }));
  await send(0, ['70', '71.0']);
  await send(2, ['72']);
  await send(9, ['75'], (text) => text.replace('"value":75}', '"value":57}'));
  await send(12, ['76'], () => '{}');
});
after(async () => await network.close());

/** Has the gateway put a batch on the chart: a value each second from the second of its first number on. */
async function send(
  first: number,
  values: readonly string[],
  change = (text: string): string => text,
): Promise<void> {
  const from = START + first * 1000;
  const lines = values.map(
    (value, place) => `{"at":${from + place * 1000},"code":149530,"value":${value}}`,
  );
  const message = signedReadings(
    {
      grant: bound.digest,
      boot: 1,
      first,
      count: lines.length,
      clock: 'set',
      start: from,
      end: from + lines.length * 1000,
      previous: ZERO32,
      root: readingsRoot(gateway.primitives, lines),
      file: ZERO32,
    },
    sensor,
  );
  const head = JSON.stringify({ format: 'medseal-readings/1', ...message });
  const bytes = utf8ToBytes([head, ...lines, ''].join('\n'));
  const { handle } = bound.grant;
  const taken = { handle, device: { address: sensor.address }, takenAt: from };
  const text = change(exactJson(bundleOfReadings(gateway.primitives, bytes, taken)));
  await addReadings(gateway, { grant: bound.grant, message, content: utf8ToBytes(text) });
}

async function chartOf(): Promise<Chart> {
  return await readChart(patient, { handle: bound.grant.handle, purpose: 'PATRQT' });
}

/** For each batch its values, or the code of why it cannot be read. */
function told(devices: readonly DeviceReadings[]): readonly (readonly number[] | string)[] {
  return devices.flatMap(({ batches }) =>
    batches.map((batch) =>
      'error' in batch
        ? batch.error.code
        : batch.readings.map(({ reading }) => ('value' in reading ? reading.value : Number.NaN)),
    ),
  );
}

describe('one reading of a batch', () => {
  it('is proved by a file without the others, and only from a batch that was opened', async () => {
    const span = { from: START, until: START + 60_000 };
    const [{ batches } = assert.fail()] = await readReadings(patient, await chartOf(), span);
    const [first = assert.fail(), , , unopened = assert.fail()] = batches;
    const proof = await proveReading(lyingTo(network, patient, {}), first, 1);
    const { device, number, line } = verifyReading(patient, patient.network, proof);
    assert.deepEqual([device, number, line.endsWith('71.0}')], [sensor.address, 1, true]);
    assert.ok(!formatEvidenceFile(proof).includes('"value\\":70'));
    await assert.rejects(proveReading(patient, first, 2), failsWith('NOT_FOUND'));
    await assert.rejects(proveReading(patient, unopened, 0), failsWith('READINGS_INVALID'));
  });
});

describe('readings of a span', () => {
  it('are those that the device signed, whatever the gateway wrote beside them', async () => {
    const devices = await readReadings(patient, await chartOf(), {
      from: START,
      until: START + 60_000,
    });
    assert.deepEqual(told(devices), [[70, 71], [72], [75], 'READINGS_INVALID']);
    const [device] = devices;
    assert.equal(device?.device, sensor.address);
    assert.deepEqual(
      device.batches.map((batch) => ['altered' in batch && batch.altered, batch.follows]),
      [
        [false, false],
        [false, true],
        [true, false],
        [false, false],
      ],
    );
    const [first] = device.batches;
    assert.ok(first !== undefined && 'readings' in first);
    assert.deepEqual(
      first.readings.map(({ moment, line }) => [moment, line.endsWith('71.0}')]),
      [
        [START, false],
        [START + 1000, true],
      ],
    );
  });

  it('are of the batches that reach into it, and each batch is opened once', async () => {
    const opened: OpenedBatches = new Map();
    const chart = await chartOf();
    const span = { from: START + 2500, until: START + 9000 };
    assert.deepEqual(told(await readReadings(patient, chart, span, opened)), [[72]]);
    assert.equal(opened.size, 1);
    const silent = behind(patient, { submit: () => assert.fail('it was viewed again') });
    assert.deepEqual(told(await readReadings(silent, chart, span, opened)), [[72]]);
    const none = { from: START + 60_000, until: START + 70_000 };
    assert.deepEqual(await readReadings(silent, chart, none, opened), []);
  });
});
