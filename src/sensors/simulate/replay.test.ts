import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Observation } from '@medplum/fhirtypes';
import { readingsToCsv } from '../../client/devices/readingsToCsv.ts';
import { readingsToFhir } from '../../client/devices/readingsToFhir.ts';
import { readingsToSamples } from '../../client/devices/readingsToSamples.ts';
import { streamReadings } from '../../client/devices/streamReadings.ts';
import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import { startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { replayOnChart, type Replayed } from '../test/replayOnChart.ts';
import { parseSamples } from './parseSamples.ts';

const RATE = 360;
const EVER = { from: -Infinity, until: Infinity };

/** 21.5 seconds of made-up samples, among them the least and the greatest of 16 bits. */
function madeUp(): Uint8Array {
  const samples = Int16Array.from({ length: RATE * 21.5 }, (_, place) =>
    Math.round(32_000 * Math.sin(place / 50) + (place % 7)),
  );
  samples.set([-32_768, 32_767, 0, -1], 1000);
  return new Uint8Array(samples.buffer);
}

describe('a recording that a device measures again', () => {
  const bytes = madeUp();
  let network: TestNetwork;
  let replayed: Replayed;
  before(async () => {
    network = await startTestNetwork();
    const samples = parseSamples(bytes, '--file');
    replayed = await replayOnChart(network, { samples, rate: RATE, factor: 0.005, origin: -5.12 });
  });
  after(async () => await network.close());

  it('comes out of the chart byte by byte as it went in', async () => {
    const { patient, chart } = replayed;
    for (const code of [undefined, 131_330]) {
      const batches = streamReadings(patient, chart, EVER);
      assert.deepEqual(await collectBytes(readingsToSamples(batches, code)), bytes);
    }
    const other = readingsToSamples(streamReadings(patient, chart, EVER), 131_329);
    await assert.rejects(collectBytes(other), failsWith('NOT_FOUND', { what: 'curve' }));
  });

  it('is one curve of FHIR’s SampledData with its factor, its origin and its period', async () => {
    const { patient, chart, sensor } = replayed;
    const pieces = readingsToFhir(patient, chart.handle, streamReadings(patient, chart, EVER));
    const text = new TextDecoder().decode(await collectBytes(pieces));
    const { entry } = JSON.parse(text) as { entry: { resource: Observation }[] };
    assert.deepEqual(
      entry.map(({ resource: { resourceType } }) => resourceType as string),
      ['Device', ...Array.from({ length: 22 }, () => 'Observation')],
    );
    assert.ok(text.includes(sensor.address));
    const sampled = entry[3]?.resource.valueSampledData;
    assert.deepEqual(
      [sampled?.origin, sampled?.period, sampled?.factor, sampled?.dimensions],
      [
        { code: 'mV', system: 'http://unitsofmeasure.org', unit: 'mV', value: -5.12 },
        1000 / RATE,
        0.005,
        1,
      ],
    );
    const data = entry.slice(1).map(({ resource }) => resource.valueSampledData?.data);
    assert.deepEqual(data.join(' ').split(' ').map(Number), parseSamples(bytes, '--file'));
  });

  it('is a row for each sample in CSV, with its time and its millivolts', async () => {
    const { patient, chart, sensor } = replayed;
    const batches = streamReadings(patient, chart, { ...EVER, device: sensor.address });
    const text = new TextDecoder().decode(await collectBytes(readingsToCsv(batches)));
    const rows = text.split('\r\n');
    assert.equal(rows.length, 1 + RATE * 21.5 + 1);
    assert.equal(rows[0], 'time,device,start,number,sample,code,name,value,unit');
    const [time = '', ...cells] = rows[1 + 1002]?.split(',') ?? [];
    const facts = [sensor.address, '0', '2', '282', '131330', 'MDC_ECG_ELEC_POTL_II', '-5.12'];
    assert.deepEqual(cells, [...facts, 'mV']);
    const first = Date.parse(rows[1]?.split(',')[0] ?? '');
    assert.equal(Date.parse(time) - first, Math.round((1002 * 1000) / RATE));
  });

  it('opens only what lies in the span that was asked for', async () => {
    const { patient, chart } = replayed;
    const all = [];
    for await (const each of streamReadings(patient, chart, EVER)) all.push(each);
    assert.deepEqual(
      all.map(({ batch }) => batch.follows),
      [false, true, true],
    );
    const { start, end } = all[1]?.batch ?? { start: 0, end: 0 };
    const some = [];
    const span = { from: start + 1, until: end };
    for await (const { batch } of streamReadings(patient, chart, span))
      some.push(batch.header.first);
    assert.deepEqual(some, [10]);
    const none = streamReadings(patient, chart, { ...EVER, device: `0x${'11'.repeat(20)}` });
    assert.deepEqual(await none.next(), { done: true, value: undefined });
  });
});
