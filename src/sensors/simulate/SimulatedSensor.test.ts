import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ZERO32 } from '../../protocol/ids.ts';
import { deviceOfReadings } from '../../protocol/sensors/deviceOfReadings.ts';
import { parseReading } from '../../protocol/sensors/parseReading.ts';
import { parseReadingsMessage } from '../../protocol/sensors/parseReadingsMessage.ts';
import { primitives, word } from '../../protocol/test/sampleNetwork.ts';
import { parseDeviceHello } from '../gateway/DeviceHello.ts';
import { SENSOR_KINDS, type SensorKind } from './createSignals.ts';
import { SimulatedSensor } from './SimulatedSensor.ts';

function sensorOf(kind: SensorKind, number = 0, seed = 'a seed'): SimulatedSensor {
  const sensor = new SimulatedSensor(primitives, { kind, seed, number, boot: 7 });
  sensor.bind(word('right'));
  return sensor;
}

describe('a simulated device', () => {
  for (const kind of SENSOR_KINDS) {
    it(`signs batches of ${kind} that a gateway takes, numbered and linked`, () => {
      const sensor = sensorOf(kind);
      const batches = [sensor.measure(2, 1000), sensor.measure(1, 3000)];
      const [one, two] = batches.map(({ bytes }) => parseReadingsMessage(primitives, bytes));
      assert.ok(one !== undefined && two !== undefined);
      assert.equal(deviceOfReadings({ primitives }, one), sensor.address);
      assert.deepEqual([one.header.boot, one.header.first, one.header.previous], [7, 0, ZERO32]);
      assert.deepEqual([one.header.start, one.header.end], [1000, 3000]);
      assert.equal(two.header.first, one.header.count);
      assert.equal(two.header.previous, one.header.root);
      const curves =
        one.lines
          ?.map((line) => parseReading(line, one.header))
          .filter((reading) => 'data' in reading) ?? [];
      assert.deepEqual(
        curves.map(({ data, period }) => [data.length, period]),
        kind === 'wearable' ? [] : [1, 2].map(() => [500, 2]),
      );
    });
  }

  it('has the same key and the same signals of the same seed, and others of another', () => {
    const [one, same, other, next] = [
      sensorOf('wearable'),
      sensorOf('wearable'),
      sensorOf('wearable', 0, 'another seed'),
      sensorOf('wearable', 1),
    ];
    assert.equal(one.address, same.address);
    assert.equal(new Set([one, other, next].map(({ address }) => address)).size, 3);
    const roots = [one, same, other, next].map((each) => each.measure(10, 0).root);
    assert.equal(roots[0], roots[1]);
    assert.equal(new Set(roots).size, 3);
  });

  it('says in its signed announcement that it is simulated', () => {
    const hello = parseDeviceHello({ primitives }, sensorOf('bed').hello);
    assert.equal(hello.model, 'Simulated bed');
  });

  it('keeps batches until it is told that they are stored, and overwrites the oldest when it is full', () => {
    const sensor = sensorOf('wearable');
    const batches = Array.from({ length: 257 }, (_, i) => sensor.measure(1, i * 1000));
    assert.equal(sensor.overwritten, 1);
    assert.equal(sensor.kept.length, 256);
    assert.equal(sensor.kept[0]?.digest, batches[1]?.digest);
    const digest = batches[1]?.digest ?? ZERO32;
    assert.deepEqual([sensor.forget(digest), sensor.forget(digest)], [true, false]);
    assert.equal(sensor.kept.length, 255);
  });

  it('measures nothing without a right', () => {
    const sensor = new SimulatedSensor(primitives, { kind: 'ecg', seed: '', number: 0, boot: 0 });
    assert.throws(() => sensor.measure(1, 0), RangeError);
  });
});
