import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ZERO32 } from '../ids.ts';
import { NOW } from '../test/sampleEvidence.ts';
import { context, primitives, signatory, word } from '../test/sampleNetwork.ts';
import { sampleHeader, sensor, signedReadings } from '../test/sampleReadings.ts';
import { followDevices, READINGS_LATE, type FollowedDevice } from './followDevices.ts';
import { readingsDigest } from './readingsDigest.ts';
import type { ReadingsHeader } from './ReadingsHeader.ts';

/** The batch of a number: ten readings, after the batch before. */
function nth(n: number, change: Partial<ReadingsHeader> = {}): ReadingsHeader {
  const previous = n === 0 ? ZERO32 : word(`root ${n - 1}`);
  return sampleHeader({ first: n * 10, count: 10, root: word(`root ${n}`), previous, ...change });
}

function follow(headers: readonly ReadingsHeader[], at = NOW): FollowedDevice {
  const bodies = headers.map((header) => ({
    flag: 'A' as const,
    at,
    readings: signedReadings(header),
  }));
  const [device, further] = followDevices(context, [{ flag: 'A', at }, ...bodies]);
  assert.ok(device && further === undefined);
  return device;
}

describe('the evidence of a device', () => {
  it('shows no gap and no fork if each batch follows on the one before, in whatever order they came', () => {
    for (const order of [
      [0, 1, 2],
      [2, 0, 1],
    ]) {
      const told = follow(order.map((n) => nth(n)));
      assert.equal(told.device, sensor.address);
      assert.deepEqual(
        told.batches.map(({ header }) => header.first),
        [0, 10, 20],
      );
      assert.deepEqual([told.gaps, told.unlinked, told.forks], [[], [], []]);
    }
  });

  it('has a batch once that its device sealed again, to other keys, and a fork if it is another batch', () => {
    const sealed = { file: word('file'), epoch: 1 } as const;
    const again = { file: word('another file'), epoch: 2 } as const;
    const told = follow([nth(0, sealed), nth(0, again), nth(1, again)]);
    assert.deepEqual([told.batches.length, told.forks], [2, []]);
    const other = follow([nth(0, sealed), nth(0, { ...again, root: word('other') })]);
    assert.equal(other.forks.length, 1);
  });

  it('shows a gap for numbers that are missing, and the batch that follows on what is not there', () => {
    const told = follow([nth(0), nth(2)]);
    assert.deepEqual(told.gaps, [{ boot: 1, first: 10, count: 10 }]);
    assert.deepEqual(told.unlinked, [readingsDigest(primitives, nth(2))]);
  });

  it('counts from 0 at each start of the device, and begins where the chart does', () => {
    const again = nth(0, { boot: 2, root: word('root of 2'), previous: word('root 4') });
    const told = follow([nth(3), nth(4), again]);
    assert.deepEqual([told.gaps, told.unlinked, told.forks], [[], [], []]);
    const later = { ...again, first: 5 };
    assert.deepEqual(follow([nth(3), nth(4), later]).gaps, [{ boot: 2, first: 0, count: 5 }]);
  });

  // @actor a cloned device | to pass for the one that was bound
  it('shows a fork for a cloned device: other readings of the same numbers, or after the same batch', () => {
    const clone = nth(1, { root: word('root of the clone') });
    const told = follow([nth(0), nth(1), clone]);
    assert.equal(told.forks.length, 1);
    assert.deepEqual(
      told.forks[0]?.toSorted(),
      [nth(1), clone].map((each) => readingsDigest(primitives, each)).toSorted(),
    );
    const behind = nth(2, { previous: word('root 0') });
    assert.equal(follow([nth(0), nth(1), behind]).forks.length, 1);
  });

  it('calls a batch late that came long after it ended, and leaves it its times', () => {
    const [batch] = follow([nth(0)], NOW + READINGS_LATE).batches;
    assert.equal(batch?.late, true);
    assert.deepEqual(batch.header, nth(0));
    assert.equal(follow([nth(0)]).batches[0]?.late, false);
    assert.equal(follow([nth(0, { clock: 'unset' })], NOW * 2).batches[0]?.late, false);
  });

  it('counts refusals by code, each for the device that signed', () => {
    const other = signedReadings(nth(1), signatory('foreign'));
    const [own, foreign] = followDevices(context, [
      { flag: 'A', at: NOW, readings: signedReadings(nth(0)) },
      { flag: 'R', code: 'RIGHT_MISSING', at: NOW, readings: other },
    ]);
    assert.deepEqual(own?.refused, {});
    assert.deepEqual(foreign?.refused, { RIGHT_MISSING: 1 });
    assert.deepEqual(foreign.entered, {});
    assert.deepEqual(foreign.batches, []);
  });

  it('tells which refused batches were entered afterwards: the keys had turned, and they were sealed again', () => {
    const again = { file: word('sealed by the device'), epoch: 3 };
    const [device] = followDevices(context, [
      { flag: 'R', code: 'EPOCH_STALE', at: NOW, readings: signedReadings(nth(0)) },
      { flag: 'A', at: NOW, readings: signedReadings(nth(0)) },
      { flag: 'R', code: 'EPOCH_STALE', at: NOW, readings: signedReadings(nth(1, again)) },
      { flag: 'A', at: NOW, readings: signedReadings(nth(1, { ...again, epoch: 4 })) },
      { flag: 'R', code: 'EPOCH_STALE', at: NOW, readings: signedReadings(nth(2)) },
    ]);
    assert.deepEqual(device?.refused, { EPOCH_STALE: 3 });
    assert.deepEqual(device.entered, { EPOCH_STALE: 2 });
    assert.equal(device.batches.length, 2);
  });
});
