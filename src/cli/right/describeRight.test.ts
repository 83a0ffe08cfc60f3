import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { alsoTold } from '../../protocol/evidence/alsoTold.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { CATEGORIES, ORDINARY_CATEGORIES, type Category } from '../../protocol/vocabulary.ts';
import { sampleGrant } from '../../protocol/test/sampleRules.ts';
import { describeScope, describeTold } from './describeRight.ts';

function right(...categories: Category[]) {
  return { ...sampleGrant({}).terms, record: ZERO32, categories };
}

describe('describeScope', () => {
  it('says whether a right to all ordinary categories covers what is sensitive', () => {
    assert.equal(describeScope(right(...ORDINARY_CATEGORIES)), 'all categories but sensitive');
    assert.equal(describeScope(right(...CATEGORIES)), 'all categories');
    assert.equal(describeScope(right('vitals', 'sensitive')), 'vitals, sensitive');
    const some = CATEGORIES.filter((category) => category !== 'plans');
    assert.equal(describeScope(right(...some)), some.join(', '));
  });

  it('names a device for a right that lets only its readings be added', () => {
    const device = { ...right('vitals'), record: `0x${'5a'.repeat(32)}`, add: true } as const;
    const add = { ...device, read: false, amend: false };
    assert.equal(describeScope(add), 'readings of device 0x5a5a5a5a… (vitals)');
    assert.equal(describeScope({ ...add, read: true }), 'record 0x5a5a5a5a… (vitals)');
  });
});

describe('describeTold', () => {
  it('names what a right gives that its categories do not say, with what was measured', () => {
    const lines = describeTold(right('billing', 'medications'));
    const [, , bills = '', medicines] = lines;
    assert.match(
      bills,
      /billing may tell of: encounters, conditions \(37 of 37\), .*procedures \(25 of 25\)/,
    );
    assert.doesNotMatch(bills, /medications/);
    assert.match(medicines ?? '', /medications may tell of: conditions$/);
    assert.match(lines.at(-1) ?? '', /seven synthetic patients/);
    assert.deepEqual(describeTold(right('reports')).slice(2), ['  reports may tell anything']);
    assert.deepEqual(describeTold(right('sensitive')).slice(2), ['  sensitive may tell anything']);
  });

  it('says nothing of a right that gives all that it tells, or one record', () => {
    assert.deepEqual(describeTold(right(...ORDINARY_CATEGORIES)), []);
    assert.deepEqual(describeTold(right('vitals', 'laboratory')), []);
    assert.deepEqual(describeTold(right('encounters', 'conditions', 'procedures')), []);
    assert.deepEqual(describeTold({ ...right('billing'), record: `0x${'11'.repeat(32)}` }), []);
  });
});

describe('alsoTold', () => {
  it('tells of no category itself, and of what is sensitive nowhere', () => {
    for (const category of CATEGORIES) {
      const told = alsoTold(category);
      assert.ok(!told.includes(category) && !told.includes('sensitive'), category);
      assert.deepEqual(told, [...new Set(told)]);
    }
  });
});
