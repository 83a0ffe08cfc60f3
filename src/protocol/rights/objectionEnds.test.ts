import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { objectionEnds } from './objectionEnds.ts';
import { pressingVitals } from '../care/pressingVitals.ts';
import { UNTOLD_LIFE, type VitalFacts } from '../care/vitalRecords.ts';
import { OBJECTION_TERM, VITALS } from '../struct/vitalTypes.ts';

const SINCE = 1_800_000_000;
const confirmed: VitalFacts = { stage: 'confirmed', step: 2, since: SINCE };
const reported: VitalFacts = { stage: 'reported', step: 1 };

describe('the time to object', () => {
  it('has no end for a report, 14 days for what was confirmed, and is over where nothing is said', () => {
    assert.equal(objectionEnds(reported), Infinity);
    assert.equal(objectionEnds(confirmed), SINCE + 14 * 86_400);
    assert.equal(objectionEnds({ stage: 'none' }), 0);
  });
});

describe('what a patient is told first', () => {
  it('is each thing that the patient can object to, and a death for ever', () => {
    assert.deepEqual(pressingVitals(undefined, SINCE), []);
    assert.deepEqual(pressingVitals(UNTOLD_LIFE, SINCE), []);
    for (const what of VITALS) {
      for (const [facts, at, isTold] of [
        [reported, SINCE + 10 * OBJECTION_TERM, true],
        [confirmed, SINCE + OBJECTION_TERM - 1, true],
        [confirmed, SINCE + OBJECTION_TERM, what === 'death'],
        [{ stage: 'none', step: 3 } as const, SINCE, false],
      ] as const) {
        const told = pressingVitals({ ...UNTOLD_LIFE, [what]: facts }, at);
        assert.deepEqual(told, isTold ? [what] : []);
      }
    }
  });
});
