import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rowsOfResults } from './rowsOfResults.ts';

describe('the lines of a table of results', () => {
  it('are each result, and behind it each of its components', () => {
    const [systolic, diastolic] = [{ valueString: '190' }, { valueString: '120' }];
    const pressure = { resourceType: 'Observation', component: [systolic, diastolic] };
    const pulse = { resourceType: 'Observation', valueString: '88' };
    assert.deepEqual(rowsOfResults([pressure, pulse]), [
      { observation: { resourceType: 'Observation' }, isComponent: false },
      { observation: { resourceType: 'Observation', ...systolic }, isComponent: true },
      { observation: { resourceType: 'Observation', ...diastolic }, isComponent: true },
      { observation: pulse, isComponent: false },
    ]);
  });

  it('are lines whatever stands there, and end at a bound that is told', () => {
    const component = Array.from({ length: 1000 }, () => null);
    const rows = rowsOfResults([{ component }, 'x', undefined]);
    assert.equal(rows.length, 103);
    assert.equal(rows[100]?.more, 900);
  });
});
