import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Address } from '../../../../src/protocol/ids.ts';
import { filterEvidence, OTHERS, type EvidenceFilter } from './filterEvidence.ts';
import { eventToGroup } from './test/eventToGroup.ts';

const ME = 'me' as Address;
const NOON = new Date(2026, 10, 25, 12).getTime() / 1000;
const DAY = 86_400;
const TOLD = [
  {},
  { party: ME },
  { flag: 'R' },
  { type: 'Write', what: 'add', party: 'bb', at: NOON + DAY },
  { type: 'Write', what: 'add', party: 'cc', grant: '01', at: NOON - DAY },
  { fault: 'the body differs' },
];

function shown(filter: Partial<EvidenceFilter>): readonly number[] {
  const events = TOLD.map((told, index) => eventToGroup({ at: NOON, ...told }, index));
  const erased = { log: 'care/hospital', index: 6, entry: '0x06' } as const;
  const found = filterEvidence([...events, erased], { ...OTHERS, ...filter }, ME);
  return found.map(({ index }) => index);
}

describe('the filter of evidence', () => {
  it('shows at first what others did, and everything under nobody’s name', () => {
    assert.deepEqual(shown({}), [0, 2, 3, 4, 5, 6]);
    assert.deepEqual(shown({ who: 'all' }), [0, 1, 2, 3, 4, 5, 6]);
  });

  it('shows what one person did, and never what is only claimed in that person’s name', () => {
    assert.deepEqual(shown({ who: 'aa' }), [0, 2]);
    assert.deepEqual(shown({ who: ME }), [1]);
    assert.deepEqual(shown({ who: 'nobody known' }), []);
  });

  it('shows one kind of act: a refusal is not a look, and a batch of a device is not an addition', () => {
    assert.deepEqual(shown({ kind: 'looked' }), [0]);
    assert.deepEqual(shown({ kind: 'refused' }), [2]);
    assert.deepEqual(shown({ kind: 'added' }), [3]);
    assert.deepEqual(shown({ kind: 'devices' }), [4]);
  });

  it('shows days from the first to the last one, both with them, where the reader is', () => {
    assert.deepEqual(shown({ from: '2026-11-25' }), [0, 2, 3]);
    assert.deepEqual(shown({ to: '2026-11-25' }), [0, 2, 4]);
    assert.deepEqual(shown({ from: '2026-11-25', to: '2026-11-25' }), [0, 2]);
    assert.deepEqual(shown({ from: '2026-11-26', to: '2026-11-25' }), []);
  });
});
