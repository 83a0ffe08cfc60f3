import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SHARE_PRESETS } from './sharePresets.ts';

describe('the usual ways to share', () => {
  it('cover nothing sensitive and nothing of money, and are for treatment alone', () => {
    for (const [name, { chosen }] of Object.entries(SHARE_PRESETS)) {
      const kinds: readonly string[] = chosen.categories;
      for (const kind of ['sensitive', 'billing', 'coverage', 'vital-records', 'other']) {
        assert.ok(!kinds.includes(kind), `${name}: ${kind}`);
      }
      assert.equal(chosen.purpose, 'TREAT', name);
    }
  });

  it('let nobody correct records who is there for a visit alone', () => {
    assert.deepEqual(SHARE_PRESETS.visit.chosen.actions, ['read', 'add']);
  });
});
