import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ruleChosen, type RuleChosen } from './ruleChosen.ts';

const NOW = 1_800_000_000;
const DOCTOR = `0x${'11'.repeat(20)}` as const;
const PERMIT: RuleChosen = {
  name: ' team ',
  kind: 'permit',
  parties: [DOCTOR],
  terms: { categories: ['vitals'], actions: ['read'], purpose: 'TREAT' },
};
const DENY: RuleChosen = { ...PERMIT, kind: 'deny' };
const NOTHING = { categories: [], actions: [], purpose: 'TREAT' } as const;

describe('a standing rule as a person chose it', () => {
  it('has a name without spaces around it, and no end unless one was chosen', () => {
    const { terms } = PERMIT;
    const rule = { name: 'team', kind: 'permit', parties: [DOCTOR], ...terms, renew: 7_776_000 };
    assert.deepEqual(ruleChosen(PERMIT, [], NOW), rule);
    assert.deepEqual(ruleChosen({ ...PERMIT, until: NOW + 1 }, [], NOW), {
      ...rule,
      until: NOW + 1,
    });
  });

  it('denies for everybody or everything, never both at once', () => {
    const about = { name: 'team', kind: 'deny' };
    assert.deepEqual(ruleChosen({ ...DENY, parties: [] }, [], NOW), {
      ...about,
      categories: ['vitals'],
    });
    assert.deepEqual(ruleChosen({ ...DENY, terms: NOTHING }, [], NOW), {
      ...about,
      parties: [DOCTOR],
    });
    assert.equal(ruleChosen({ ...DENY, parties: [], terms: NOTHING }, [], NOW), 'everything');
  });

  it('is not made while something is missing, and says what', () => {
    const cases: readonly (readonly [Partial<RuleChosen>, string])[] = [
      [{ name: '  ' }, 'name'],
      [{ name: 'old' }, 'name-taken'],
      [{ parties: [] }, 'people'],
      [{ terms: { ...PERMIT.terms, categories: [] } }, 'terms'],
      [{ terms: { ...PERMIT.terms, actions: [] } }, 'terms'],
      [{ until: NOW }, 'until'],
      [{ until: Number.NaN }, 'until'],
    ];
    for (const [change, fault] of cases) {
      const before = [{ name: 'old', kind: 'deny', parties: [DOCTOR] }] as const;
      assert.equal(ruleChosen({ ...PERMIT, ...change }, before, NOW), fault);
    }
  });
});
