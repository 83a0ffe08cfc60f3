import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEEDS } from './deeds.ts';
import { FAULTS, faultAt } from './faultAt.ts';

/** Steps of a write in which each fault is tried; `npm run proof faults` goes through all of every request. */
const STEPS = [2, 9];

describe('a write on a machine whose disk fails', () => {
  const { add } = DEEDS;
  for (const fault of FAULTS) {
    it(`is there, once, or was never acknowledged: ${fault}`, async () => {
      assert.ok(add !== undefined);
      for (const step of STEPS) {
        const { hit, violations } = await faultAt(add, step, fault);
        assert.notEqual(hit, undefined);
        assert.deepEqual(violations, [], hit);
      }
    });
  }
});
