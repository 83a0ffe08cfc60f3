import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { doseTyped, NO_DOSE } from './doseTyped.ts';

describe('a dose that is typed into a form', () => {
  it('is absent while every field is empty, and has the unit of the amount unless it names one', () => {
    assert.equal(doseTyped(NO_DOSE, 'capsule'), undefined);
    const typed = { ...NO_DOSE, amount: '1', times: '3' };
    assert.equal(doseTyped(typed, 'capsule')?.read.unit, 'capsule');
    assert.equal(doseTyped({ ...typed, unit: 'drop' }, 'bottle')?.read.unit, 'drop');
    assert.deepEqual(
      doseTyped(typed, '')?.faults.map(({ field }) => field),
      ['unit'],
    );
  });

  it('has no field of a rhythm that was chosen before', () => {
    const typed = { ...NO_DOSE, amount: '1', times: '3', often: 'by-hours', hours: '8' };
    const { read, faults = [] } = doseTyped(typed, 'capsule') ?? {};
    assert.deepEqual([read?.times, read?.hours, faults], [undefined, '8', []]);
  });
});
