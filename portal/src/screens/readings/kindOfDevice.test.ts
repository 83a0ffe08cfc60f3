import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { kindOfDevice } from './kindOfDevice.ts';

describe('a device without a name', () => {
  it('is called by what it alone measures, and one of several things simply a device', () => {
    assert.equal(kindOfDevice([150456, 149530]), 'readings.kind-oximeter');
    assert.equal(kindOfDevice([150021, 150022]), 'readings.kind-pressure');
    assert.equal(kindOfDevice([150364, 150456]), 'readings.kind-other');
    assert.equal(kindOfDevice([]), 'readings.kind-other');
  });
});
