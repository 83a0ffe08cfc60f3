import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { unitsIn } from './unitsIn.ts';

describe('an amount that a person types', () => {
  it('is whole hundredths, with a point, a comma or neither', () => {
    const cases = { '80': 8000, '80.5': 8050, '80,50': 8050, ' 0,07 ': 7, '19.99': 1999 };
    for (const [text, units] of Object.entries(cases)) assert.equal(unitsIn(text), units, text);
  });

  it('is refused if it is not one amount above 0 and within what is left', () => {
    const wrong = ['', '0', '0.00', '-1', '1.234', '1,2,3', '1.000,00', '1e3', 'ten', '1 000'];
    for (const text of wrong) assert.equal(unitsIn(text), undefined, text);
    assert.equal(unitsIn('10.01', 1000), undefined);
    assert.equal(unitsIn('10.00', 1000), 1000);
  });
});
