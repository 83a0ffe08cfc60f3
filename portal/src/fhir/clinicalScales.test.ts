import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MDC_CODES } from '../../../src/fhir/sensors/mdcCodes.ts';
import { trendScale } from '../ui/trendScale.ts';
import { besideUsual, CLINICAL_SCALES } from './clinicalScales.ts';

const FRAME = { left: 40, right: 390, top: 10, bottom: 180 };
/** The mean pressure has no usual values that a source of them names. */
const WITHOUT = ['MDC_PRESS_BLD_NONINV_MEAN'];

describe('the scale of vital signs', () => {
  it('is there for each number that devices measure, holds its usual values, and names their source', () => {
    for (const { code, id, curve } of MDC_CODES) {
      const scale = CLINICAL_SCALES.get(code);
      assert.equal(scale === undefined, curve || WITHOUT.includes(id), id);
      if (scale === undefined) continue;
      const { shown, usual, source } = scale;
      assert.ok(shown[0] < usual[0] && usual[0] < usual[1] && usual[1] <= shown[1], id);
      assert.match(source, /^https:\/\//, id);
    }
  });

  it('is the same for every look, and is wider only for a value beyond it', () => {
    const [low, high] = CLINICAL_SCALES.get(150456)?.shown ?? [0, 0];
    for (const values of [[97], [97, 98], [88, 99]]) {
      const { y } = trendScale([0, 1], values, FRAME, [low, high]);
      assert.deepEqual([y(85), y(100)], [180, 10]);
    }
    const { y, ticks } = trendScale([0, 1], [70, 99], FRAME, [low, high]);
    assert.ok(y(70) < 180 && y(70) > y(85), 'a dangerous value is drawn');
    assert.equal(y(100), 10);
    assert.ok(ticks.every((tick) => tick <= 100));
  });

  it('tells a value above or below the usual ones as it is read, and not at their ends', () => {
    const usual = [36.5, 37.3] as const;
    assert.deepEqual(
      [36.4, 36.5, 37.3, 37.34, 37.36].map((each) => besideUsual(each, usual, 1)),
      ['below', undefined, undefined, undefined, 'above'],
    );
  });
});
