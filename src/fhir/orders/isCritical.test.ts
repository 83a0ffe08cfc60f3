import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isCritical } from './isCritical.ts';

const concept = (code: string) => [{ coding: [{ code }] }];

describe('a result', () => {
  it('is critical by its own interpretation or by that of any component, and by nothing else', () => {
    assert.equal(isCritical({ interpretation: concept('HH') }), true);
    const component = [{ interpretation: concept('N') }, { interpretation: concept('LL') }];
    assert.equal(isCritical({ interpretation: concept('N'), component }), true);
    assert.equal(isCritical({ component: { interpretation: concept('AA') } }), true);
    for (const other of [undefined, 'HH', {}, { component: ['HH', 7] }, { component: [{}] }]) {
      assert.equal(isCritical(other), false);
    }
    assert.equal(isCritical({ interpretation: concept('H'), component: [] }), false);
  });
});
