import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { readingsDigest } from '../../protocol/sensors/readingsDigest.ts';
import type { ReadingsHeader } from '../../protocol/sensors/ReadingsHeader.ts';
import { followDevices } from '../../protocol/sensors/followDevices.ts';
import { NOW } from '../../protocol/test/sampleEvidence.ts';
import { context, primitives, word } from '../../protocol/test/sampleNetwork.ts';
import { sampleHeader, sensor, signedReadings } from '../../protocol/test/sampleReadings.ts';
import { describeMoment, short } from '../describeBody.ts';
import { describeFollowed, toldOfFollowed } from './describeFollowed.ts';

/** The batch of a number: ten readings, after the batch before. */
function nth(n: number, change: Partial<ReadingsHeader> = {}): ReadingsHeader {
  const previous = n === 0 ? ZERO32 : word(`root ${n - 1}`);
  return sampleHeader({ first: n * 10, count: 10, root: word(`root ${n}`), previous, ...change });
}

function told(headers: readonly ReadingsHeader[], at = NOW, code?: ErrorCode) {
  const bodies = headers.map((header) => ({
    flag: code === undefined ? ('A' as const) : ('R' as const),
    ...(code !== undefined && { code }),
    at,
    readings: signedReadings(header),
  }));
  const [device] = followDevices(context, bodies);
  assert.ok(device);
  return toldOfFollowed(device, 'KQTC-MZAB-WHPD');
}

/** Lines about a device behind the first one. */
function linesOf(bodies: Parameters<typeof followDevices>[1]): readonly string[] {
  const [device] = followDevices(context, bodies);
  assert.ok(device);
  return describeFollowed(toldOfFollowed(device, 'KQTC-MZAB-WHPD')).slice(1);
}

const id = (header: ReadingsHeader): string => short(readingsDigest(primitives, header));

describe('describeFollowed', () => {
  it('tells the last batch alone of a device that sent all', () => {
    const followed = told([nth(1), nth(0)]);
    assert.deepEqual([followed.device, followed.last?.first], [sensor.address, 10]);
    const until = describeMoment(NOW - 7);
    assert.deepEqual(describeFollowed(followed), [
      `KQTC-MZAB-WHPD: 2 batches; the last has the readings 10–19 of start 1, until ${until}, entered ${describeMoment(NOW)}`,
    ]);
  });

  it('names gaps, forks, late batches and refusals, and no time of a device without a clock', () => {
    assert.deepEqual(describeFollowed(told([nth(0), nth(2)])).slice(1), [
      '  missing: the readings 10–19 of start 1',
      `  ${id(nth(2))} follows on a batch that is not there`,
    ]);
    const clone = nth(0, { root: word('of the clone') });
    const [, fork = ''] = describeFollowed(told([nth(0), clone]));
    assert.match(fork, /^ {2}fork: 0x[0-9a-f]{8}… and 0x[0-9a-f]{8}… cannot both be of one device/);
    assert.deepEqual(describeFollowed(told([nth(0)], NOW + 3600)).slice(1), [
      `  late: ${id(nth(0))}; it keeps its own times`,
    ]);
    assert.deepEqual(describeFollowed(told([nth(0), nth(1)], NOW, 'RIGHT_ENDED')), [
      'KQTC-MZAB-WHPD: no batch is on the chart',
      '  refused with RIGHT_ENDED: 2 times',
    ]);
    const [unset = ''] = describeFollowed(told([nth(0, { clock: 'unset', count: 1 })]));
    assert.match(unset, /1 batch; the last has the readings 0 of start 1, entered /);
  });

  it('says that batches which were sealed to former keys were entered afterwards', () => {
    const stale = { flag: 'R', code: 'EPOCH_STALE', at: NOW } as const;
    const entered = { flag: 'A', at: NOW, readings: signedReadings(nth(0)) } as const;
    const refused = [0, 1].map((n) => ({ ...stale, readings: signedReadings(nth(n)) }));
    const because = 'refused with EPOCH_STALE: 1 time; the keys had turned meanwhile';
    assert.deepEqual(linesOf(refused.slice(1)), [`  ${because}`]);
    assert.deepEqual(linesOf([...refused.slice(0, 1), entered]), [
      `  ${because}; entered afterwards`,
    ]);
    assert.deepEqual(linesOf([...refused, entered]), [
      '  refused with EPOCH_STALE: 2 times; the keys had turned meanwhile; 1 of them entered afterwards',
    ]);
  });

  it('shows people ten gaps of many, and gives programs all', () => {
    const followed = told(Array.from({ length: 13 }, (_, n) => nth(n * 2, { previous: ZERO32 })));
    assert.equal(followed.gaps.length, 12);
    const lines = describeFollowed(followed);
    assert.equal(lines.length, 12);
    assert.equal(lines.at(-1), '  and 2 more like this; see --json');
  });
});
