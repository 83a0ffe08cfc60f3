import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeInterrupted } from './describeInterrupted.ts';

describe('a file that is being added when Ctrl-C comes', () => {
  it('is said to be on the chart only as far as that is certain', () => {
    const said = [
      describeInterrupted(0, false, true),
      describeInterrupted(0, true, false),
      describeInterrupted(1, false, false),
      describeInterrupted(2, true, true),
    ];
    assert.deepEqual(said, [
      'Nothing of the file is on the chart. Run it again: it goes on from there.',
      'A record of the file may be on the chart: "record list" shows it then.',
      '1 record of the file is on the chart; the rest is not.',
      '2 records of the file are on the chart; one more may be: "record list" shows it then. Run it again: it goes on from there.',
    ]);
  });
});
