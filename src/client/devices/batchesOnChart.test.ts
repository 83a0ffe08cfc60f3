import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReadingsHeader } from '../../protocol/sensors/ReadingsHeader.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { NOW } from '../../protocol/test/sampleEvidence.ts';
import { primitives, signatory, word } from '../../protocol/test/sampleNetwork.ts';
import { sampleHeader, sensor, signedReadings } from '../../protocol/test/sampleReadings.ts';
import type { ChartRecord } from '../records/viewChart.ts';
import { batchesOnChart, type DeviceBatches } from './batchesOnChart.ts';

/** An entry of a batch, as `viewChart` gives it. */
function entryOf(change: Partial<ReadingsHeader>, at = NOW, device = sensor): ChartRecord {
  const readings = signedReadings(sampleHeader(change), device);
  return { record: word(JSON.stringify(change)), at, readings } as ChartRecord;
}

function listed(...records: readonly ChartRecord[]): readonly DeviceBatches[] {
  return batchesOnChart({ primitives }, { records });
}

/** For each batch its first number and what is said of it. */
function said(...records: readonly ChartRecord[]): readonly string[] {
  const [device] = listed(...records);
  return (device?.batches ?? []).map(({ header, follows, gap, forked, late }) =>
    [header.first, follows && 'follows', gap && 'gap', forked && 'forked', late && 'late']
      .filter((each) => each !== false)
      .join(' '),
  );
}

describe('the batches on a chart', () => {
  it('are told by device, in the order of their numbers, whatever came first', () => {
    const other = signatory('another sensor');
    const record = { record: word('a note'), at: NOW } as ChartRecord;
    const devices = listed(
      entryOf({ first: 3 }),
      record,
      entryOf({ first: 0, end: NOW * 1000 }, NOW, other),
      entryOf({ first: 0 }),
    );
    assert.deepEqual(
      devices.map(({ device, batches }) => [device, batches.map(({ header }) => header.first)]),
      [
        [other.address, [0]],
        [sensor.address, [0, 3]],
      ],
    );
  });

  it('follow each other if no number is missing, and never over a start of the device', () => {
    assert.deepEqual(said(entryOf({ first: 0 }), entryOf({ first: 3 }), entryOf({ first: 9 })), [
      '0',
      '3 follows',
      '9 gap',
    ]);
    assert.deepEqual(said(entryOf({ boot: 1 }), entryOf({ boot: 2, first: 3 })), ['0', '3 gap']);
    assert.deepEqual(said(entryOf({ boot: 1 }), entryOf({ boot: 2 })), ['0', '0']);
  });

  it('are forked if two have readings of the same numbers, also within a long one', () => {
    assert.deepEqual(said(entryOf({}), entryOf({ root: word('others') })), [
      '0 forked',
      '0 forked',
    ]);
    assert.deepEqual(
      said(entryOf({ count: 9 }), entryOf({ first: 1, count: 1 }), entryOf({ first: 5, count: 1 })),
      ['0 forked', '1 forked', '5 forked'],
    );
    assert.deepEqual(
      said(entryOf({ count: 9 }), entryOf({ first: 1, count: 1 }), entryOf({ first: 9 })),
      ['0 forked', '1 forked', '9 follows'],
    );
  });

  it('are a fork and no gap, if nothing is missing before them; and a gap once, if something is', () => {
    const two = (first: number): readonly ChartRecord[] => [
      entryOf({ first }),
      entryOf({ first, root: word('others') }),
    ];
    const whole = said(entryOf({ first: 0 }), ...two(3), entryOf({ first: 6 }));
    assert.deepEqual(whole, ['0', '3 follows forked', '3 forked', '6 follows']);
    const missing = said(entryOf({ first: 0 }), ...two(5), entryOf({ first: 8 }));
    assert.deepEqual(missing, ['0', '5 gap forked', '5 forked', '8 follows']);
  });

  it('are one if their device sealed it again, to other keys', () => {
    const [once, again] = [
      { file: word('file'), epoch: 1 },
      { file: word('another'), epoch: 2 },
    ];
    assert.deepEqual(said(entryOf(once), entryOf(again)), ['0']);
    assert.deepEqual(said(entryOf(once), entryOf({ ...again, root: word('others') })), [
      '0 forked',
      '0 forked',
    ]);
  });

  it('are late if they came minutes after their end, and keep their own times', () => {
    const [device] = listed(entryOf({}, NOW + 86_400));
    assert.equal(device?.batches[0]?.late, true);
    assert.equal(device?.batches[0]?.end, (NOW - 7) * 1000);
    assert.deepEqual(said(entryOf({}, NOW)), ['0']);
  });

  it('ended at their entry if their device had no clock', () => {
    const [device] = listed(entryOf({ clock: 'unset', start: 5000, end: 8000 }));
    const [batch] = device?.batches ?? [];
    assert.deepEqual(
      [batch?.start, batch?.end, batch?.late],
      [NOW * 1000 - 3000, NOW * 1000, false],
    );
  });

  it('are refused if a signature is not one', () => {
    const entry = entryOf({});
    const readings = {
      ...signedReadings(sampleHeader()),
      signature: `0x${'00'.repeat(65)}`,
    } as const;
    assert.throws(() => listed({ ...entry, readings }), failsWith('READINGS_INVALID'));
  });
});
